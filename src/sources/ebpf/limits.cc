#include "sources/ebpf/limits.h"

namespace socktap::sources::ebpf {

std::vector<std::string> limits_of(const Selection& selection) {
  std::vector<std::string> limits{
      "splice out of a stream socket is not seen",
      "sockets that the kernel makes or releases for itself are not seen",
      "the beginnings of io_uring and AIO operations, and of the second and later messages of "
      "sendmmsg and recvmmsg, are not seen",
      "a socket's release is seen at close, close_range, dup2, dup3, execve and exit; not when it "
      "is dropped in flight or by io_uring, nor when a call of another thread still used it",
      "io_uring's tries on a socket that is not ready (EAGAIN) are no messages",
  };
  if (!selection.chosen(Aspect::opcodes))
    limits.emplace_back(
        "io_uring operations cannot be told apart here: they count as sendmsg and recvmsg");
  else
    limits.emplace_back(
        "an io_uring operation on a registered file that follows another in a chain, or whose "
        "first try waited, may count as sendmsg or recvmsg");
  return limits;
}

}  // namespace socktap::sources::ebpf
