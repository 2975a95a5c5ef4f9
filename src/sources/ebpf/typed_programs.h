// Makes libbpf take what typed programs (of tracepoints, of function entries and exits) attach to
// from KernelTypes, and relocate all programs by its excerpt, instead of reading the kernel's types
// itself.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sources/ebpf/kernel_types.h"

struct bpf_link;
struct bpf_program;

namespace socktap::sources::ebpf {

// In effect while it lives, for objects that are opened and loaded meanwhile. libbpf keeps such
// handlers for the whole process: one at a time, on one thread.
class TypedPrograms {
 public:
  explicit TypedPrograms(const KernelTypes& types);  // borrowed
  ~TypedPrograms();
  TypedPrograms(const TypedPrograms&) = delete;
  TypedPrograms& operator=(const TypedPrograms&) = delete;

  // Whether the kernel's types have what it attaches to; true of programs of another kind.
  static bool has_target(const bpf_program* program, const KernelTypes& types);

  // As bpf_program__attach, for programs of any kind.
  static bpf_link* attach(const bpf_program* program);

 private:
  std::array<int, 3> handlers_;
};

}  // namespace socktap::sources::ebpf
