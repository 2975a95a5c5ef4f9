#include "own_network.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace socktap::test {

void enter_own_network() {
  if (unshare(CLONE_NEWNET) != 0) return;
  const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq loopback{};
  loopback.ifr_name[0] = 'l';
  loopback.ifr_name[1] = 'o';
  loopback.ifr_flags = IFF_UP | IFF_RUNNING;
  ioctl(control, SIOCSIFFLAGS, &loopback);
  close(control);
}

}  // namespace socktap::test
