// The running kernel's description of its own types (BTF), as far as the collectors need it. The
// whole describes some 130,000 types, and libbpf's own way with it (index all, then search all for
// every type that a program touches) costs half of a run's start. This reads it once, finds the
// few types by name, and hands libbpf an excerpt.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

struct btf;
struct btf_type;

namespace socktap::sources::ebpf {

class KernelTypes {
 public:
  // What is looked for: structs and enums by name, tracepoints, functions and per-CPU variables.
  struct Wanted {
    std::span<const std::string_view> types;
    std::span<const std::string_view> tracepoints;
    std::span<const std::string_view> functions = {};
    std::span<const std::string_view> variables = {};
  };

  static Result<KernelTypes> of_running_kernel(const Wanted& wanted);

  // Of a kernel that does not know them itself, from a file: BTF, or ELF with a section of it. That
  // kernel has no numbers for what it holds: tracepoint() and the like are 0.
  static Result<KernelTypes> of_file(const std::string& path, const Wanted& wanted);

  // From the bytes of a BTF blob, which are borrowed only for the call. Fails if it is malformed.
  static Result<KernelTypes> parse(std::span<const std::uint8_t> blob, const Wanted& wanted);

  // What a typed program of a tracepoint attaches to; 0 if the kernel has no such tracepoint.
  int tracepoint(std::string_view name) const;
  int function(std::string_view name) const;
  int variable(std::string_view name) const;

  // A file with the excerpt: the wanted types and all that they embed. What they point to is void.
  std::string excerpt_path() const;

 private:
  using Numbers = std::unordered_map<std::string, int>;
  static int number_in(const Numbers& numbers, std::string_view name);

  Numbers tracepoints_;
  Numbers functions_;
  Numbers variables_;
  UniqueFd excerpt_;
};

}  // namespace socktap::sources::ebpf
