#include "cli/version.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <sys/utsname.h>

namespace socktap::cli {

std::string version_line(bool as_stap) {
  utsname kernel{};
  ::uname(&kernel);
  return fmt::format("socktap {}{}, libbpf {}, kernel {}", SOCKTAP_VERSION,
                     as_stap ? " as stap (version 4.8)" : "", libbpf_version_string() + 1,
                     kernel.release);
}

}  // namespace socktap::cli
