// What the running kernel offers to an eBPF tracer, for `doctor`: found out by trying.
#pragma once

#include <string>
#include <vector>

#include "base/cgroups.h"

namespace socktap::sources::ebpf {

// A kind of program, tried by loading and attaching one that does nothing.
struct ProgramType {
  std::string name;  // "raw tracepoint"
  bool works = false;
  std::string reason;  // of the refusal: "cannot load it: Operation not permitted"
  std::string remedy;  // the capability, sysctl or option that would help; may be empty
};

struct HostReport {
  std::string kernel;   // release
  std::string machine;  // "x86_64"
  bool btf = false;     // the kernel describes its own types (/sys/kernel/btf/vmlinux)
  CgroupVersion cgroups = CgroupVersion::none;
  std::string lockdown;  // "none", "integrity", "confidentiality"; empty: no such thing
  int unprivileged_bpf_disabled = -1;  // the sysctl; -1: unknown
  int perf_event_paranoid = -1;
  int io_uring_disabled = -1;
  std::vector<ProgramType> program_types;
};

HostReport inspect_host();

}  // namespace socktap::sources::ebpf
