// How libbpf loads our programs: typed ones (of tracepoints, of function entries and exits) attach
// to what KernelTypes says, all are relocated by its excerpt instead of the kernel's types, and the
// script's part is written into those that have a place for it.
#pragma once

#include <linux/bpf.h>

#include <span>

#include "sources/ebpf/kernel_types.h"

struct bpf_link;
struct bpf_program;
struct bpf_prog_load_opts;

namespace socktap::sources::ebpf {

// In effect on the calling thread while it lives, for objects that are loaded meanwhile.
class ProgramLoading {
 public:
  // Both are borrowed. `script_part` is empty where every event is wanted.
  ProgramLoading(const KernelTypes& types, std::span<const bpf_insn> script_part);
  ~ProgramLoading();
  ProgramLoading(const ProgramLoading&) = delete;
  ProgramLoading& operator=(const ProgramLoading&) = delete;

  // Whether the kernel's types have what it attaches to; true of programs of another kind.
  static bool has_target(const bpf_program* program, const KernelTypes& types);

  // As bpf_program__attach, for programs of any kind.
  static bpf_link* attach(const bpf_program* program);

 private:
  static int prepare(bpf_program* program, bpf_prog_load_opts* options, long cookie);
  static const bool registered;

  const KernelTypes& types_;
  std::span<const bpf_insn> script_part_;
  const ProgramLoading* outer_;
};

}  // namespace socktap::sources::ebpf
