#include "privilege.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "base/unique_fd.h"

namespace socktap::workload {
namespace {

// Root of a user namespace has no rights in a network that belongs to one outside: who owns that is
// not told.
bool owns_network() {
  const UniqueFd network(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  const UniqueFd owner(ioctl(network.get(), NS_GET_USERNS));
  return owner.valid();
}

}  // namespace

bool has_ipv6() {
  std::ifstream addresses("/proc/net/if_inet6");
  const std::string loopback = "00000000000000000000000000000001";
  for (std::string line; std::getline(addresses, line);) {
    if (line.compare(0, loopback.size(), loopback) == 0) return true;
  }
  return false;
}

bool may_use_raw() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) != 0) return false;
  return (data[0].effective & (1U << CAP_NET_RAW)) != 0 && owns_network();
}

}  // namespace socktap::workload
