// What libbpf and the kernel's verifier say while programs are loaded, instead of standard error.
#pragma once

#include <string>
#include <string_view>

namespace socktap::sources::ebpf {

// Collects while it lives. libbpf has one such place for the whole process: one at a time.
class LoadLog {
 public:
  LoadLog();
  ~LoadLog();
  LoadLog(const LoadLog&) = delete;
  LoadLog& operator=(const LoadLog&) = delete;

  // The line that says why the last program was refused; empty if none does.
  std::string reason() const;
};

// Of a whole log.
std::string reason_in(std::string_view log);

}  // namespace socktap::sources::ebpf
