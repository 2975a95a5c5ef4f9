// Makes libbpf take what typed tracepoint programs attach to from KernelTypes, and relocate all
// programs by its excerpt, instead of reading the kernel's types itself.
#pragma once

#include <string>

#include "sources/ebpf/kernel_types.h"

struct bpf_link;
struct bpf_program;

namespace socktap::sources::ebpf {

// In effect while it lives, for objects that are opened and loaded meanwhile. libbpf keeps such
// handlers for the whole process: one at a time, on one thread.
class TypedTracepoints {
 public:
  explicit TypedTracepoints(const KernelTypes& types);  // borrowed
  ~TypedTracepoints();
  TypedTracepoints(const TypedTracepoints&) = delete;
  TypedTracepoints& operator=(const TypedTracepoints&) = delete;

  // As bpf_program__attach, for programs of any kind.
  static bpf_link* attach(const bpf_program* program);

 private:
  int handler_;
};

}  // namespace socktap::sources::ebpf
