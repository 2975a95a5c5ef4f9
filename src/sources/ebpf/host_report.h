// What the running kernel permits, found by trying: one throw-away program of each type is loaded.
#pragma once

#include <string>
#include <vector>

namespace socktap::sources::ebpf {

struct ProgramType {
  std::string name;  // "raw tracepoint", "fentry"
  bool loads = false;
  std::string reason;  // of the refusal, the kernel's words
  std::string remedy;  // the capability, sysctl or policy that would help; may be empty
};

struct HostReport {
  std::string kernel_release;
  std::string architecture;
  bool has_btf = false;
  std::string btf_remedy;  // what to do without
  std::vector<ProgramType> program_types;
};

HostReport report_host();

}  // namespace socktap::sources::ebpf
