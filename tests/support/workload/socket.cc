#include "socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace socktap::workload {
namespace {

int option(int fd, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
}

// Options newer than the C library's headers.
constexpr int so_passpidfd = 76;
constexpr int so_passrights = 83;

struct FlagOption {
  int bit;
  int name;
};
constexpr FlagOption flag_options[] = {
    {3, SO_PASSCRED}, {4, SO_PASSSEC}, {7, so_passpidfd}, {8, so_passrights}};

}  // namespace

Socket describe_socket(int fd, int state) {
  return {fd, option(fd, SO_DOMAIN), option(fd, SO_TYPE), option(fd, SO_PROTOCOL), state};
}

int state_of_unix(int fd) {
  struct stat status = {};
  require(fstat(fd, &status) == 0, "fstat");
  std::FILE* sockets = std::fopen("/proc/net/unix", "re");
  if (!sockets) return connected;
  char line[512];
  int state = connected;
  while (std::fgets(line, sizeof line, sockets)) {
    unsigned as_told = 0;
    unsigned long inode = 0;  // "0000000012345678: 00000002 00000000 00000000 0002 01 12345 /path"
    if (std::sscanf(line, "%*[^:]: %*x %*x %*x %*x %x %lu", &as_told, &inode) == 2 &&
        inode == status.st_ino)
      state = static_cast<int>(as_told);
  }
  std::fclose(sockets);
  return state;
}

Flags flags_of(int fd) {
  Flags flags{0, 0b11};  // the asynchronous ones need fcntl(O_ASYNC), which nobody here uses
  for (const auto [bit, name] : flag_options) {
    const int value = option(fd, name);
    // A kernel that keeps the flag for other families only refuses to tell: then it is not set.
    const bool refused = value < 0 && errno != EOPNOTSUPP;
    if (refused) continue;
    flags.mask |= 1 << bit;
    if (value > 0) flags.bits |= 1 << bit;
  }
  return flags;
}

long outcome(long returned) { return returned < 0 ? -errno : returned; }

void require(bool holds, std::string_view what, long result) {
  if (holds) return;
  std::fprintf(stderr, "workload: %.*s: unexpected result %ld\n", static_cast<int>(what.size()),
               what.data(), result);
  std::_Exit(3);
}

}  // namespace socktap::workload
