// What libbpf and the kernel's verifier say while programs are loaded, instead of standard error.
#pragma once

#include <string>
#include <string_view>

namespace socktap::sources::ebpf {

// Collects, while it lives, what libbpf has to say to the calling thread; the innermost one does.
// What it says to other threads goes where it went before: libbpf prints by one function for the
// whole process, which is put back when no thread collects.
class LoadLog {
 public:
  LoadLog();
  ~LoadLog();
  LoadLog(const LoadLog&) = delete;
  LoadLog& operator=(const LoadLog&) = delete;

  void add(std::string_view text);

  // The line that says why the last program was refused; empty if none does.
  std::string reason() const;

 private:
  std::string text_;
  LoadLog* outer_;
};

// Of a whole log.
std::string reason_in(std::string_view log);

}  // namespace socktap::sources::ebpf
