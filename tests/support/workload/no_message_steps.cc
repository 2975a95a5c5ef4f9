// Calls that never get to a socket: nothing may be observed of them.

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <vector>

#include "exchange.h"
#include "steps.h"

namespace socktap::workload {
namespace {

void refuse(std::string_view what, long returned, int error) {
  const long result = outcome(returned);
  require(result == error, what, result);
}

void not_a_descriptor(Workbench&) {
  char byte = 0;
  iovec part{&byte, 1};
  msghdr header{};
  refuse("send", send(-1, &byte, 1, 0), -EBADF);
  refuse("recv", recv(-1, &byte, 1, 0), -EBADF);
  refuse("sendmsg", sendmsg(9999, &header, 0), -EBADF);
  refuse("recvmsg", recvmsg(9999, &header, 0), -EBADF);
  refuse("write", write(-1, &byte, 1), -EBADF);
  refuse("read", read(9999, &byte, 1), -EBADF);
  refuse("writev", writev(-1, &part, 1), -EBADF);
  refuse("readv", readv(-1, &part, 1), -EBADF);
  refuse("close", close(9999), -EBADF);
}

void not_a_socket(Workbench& bench) {
  const auto ends = bench.pipe();
  char byte = 'x';
  refuse("send", send(ends[1], &byte, 1, 0), -ENOTSOCK);
  refuse("recv", recv(ends[0], &byte, 1, 0), -ENOTSOCK);
  refuse("write", write(ends[1], &byte, 1), 1);
  refuse("read", read(ends[0], &byte, 1), 1);
  const int file = open("/dev/null", O_RDWR | O_CLOEXEC);
  iovec part{&byte, 1};
  refuse("writev", writev(file, &part, 1), 1);
  refuse("readv", readv(file, &part, 1), 0);
  refuse("close", close(file), 0);
}

void empty_vectors(Workbench& bench) {
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  char byte = 0;
  iovec part{&byte, 0};
  const int fd = link.sender.fd;
  refuse("read of no bytes", read(fd, &byte, 0), 0);
  refuse("readv of no bytes", readv(fd, &part, 1), 0);
  refuse("writev of no bytes", writev(fd, &part, 1), 0);
  refuse("recvmmsg of no messages", recvmmsg(fd, nullptr, 0, 0, nullptr), 0);
  refuse("sendmmsg of no messages", sendmmsg(fd, nullptr, 0, 0), 0);
  close_link(link, bench.recorder());
}

void positioned(Workbench& bench) {
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, bench.recorder());
  char bytes[33] = {};
  iovec part{bytes, sizeof bytes};
  const int fd = link.sender.fd;
  refuse("pread", pread(fd, bytes, sizeof bytes, 0), -ESPIPE);
  refuse("pwrite", pwrite(fd, bytes, sizeof bytes, 0), -ESPIPE);
  refuse("preadv", preadv(fd, &part, 1, 0), -ESPIPE);
  refuse("pwritev", pwritev(fd, &part, 1, 0), -ESPIPE);
  refuse("preadv2", preadv2(fd, &part, 1, 0, 0), -ESPIPE);
  refuse("pwritev2", pwritev2(fd, &part, 1, 0, 0), -ESPIPE);
  close_link(link, bench.recorder());
}

// What is wrong shows only when the kernel looks: an entry may be observed, a message not.
void unreadable(Workbench& bench) {
  Recorder& recorder = bench.recorder();
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, recorder);
  const int fd = link.sender.fd;
  volatile std::uintptr_t unmapped = 0x10;  // volatile: the compiler must not know either
  // NOLINTBEGIN(performance-no-int-to-ptr): no object has these addresses
  void* const nowhere = reinterpret_cast<void*>(unmapped);
  char* const kernels = reinterpret_cast<char*>(LONG_MIN);
  // NOLINTEND(performance-no-int-to-ptr)
  const auto may_begin = [&](Operation operation, Path path) {
    recorder.may_begin(link.sender, operation, path);
  };
  refuse("sendmsg", sendmsg(fd, static_cast<msghdr*>(nowhere), 0), -EFAULT);
  may_begin(Operation::send, Path::sendmsg);
  refuse("recvmsg", recvmsg(fd, static_cast<msghdr*>(nowhere), 0), -EFAULT);
  may_begin(Operation::receive, Path::recvmsg);
  refuse("send", send(fd, kernels, 40, 0), -EFAULT);
  may_begin(Operation::send, Path::sendmsg);
  refuse("write", write(fd, kernels, 41), -EFAULT);
  may_begin(Operation::send, Path::aio_write);
  refuse("writev", writev(fd, static_cast<iovec*>(nowhere), 1), -EFAULT);
  may_begin(Operation::send, Path::writev);
  std::vector<iovec> parts(IOV_MAX + 1);
  msghdr header{};
  header.msg_iov = parts.data();
  header.msg_iovlen = parts.size();
  refuse("sendmsg of too many parts", sendmsg(fd, &header, 0), -EMSGSIZE);
  may_begin(Operation::send, Path::sendmsg);
  close_link(link, recorder);
}

void nothing_to_move(Workbench& bench) {
  Recorder& recorder = bench.recorder();
  const Link link = open_pair(AF_UNIX, SOCK_STREAM, 0, recorder);
  const int file = bench.file_of({});
  const auto ends = bench.pipe();
  refuse("sendfile of an empty file", sendfile(link.sender.fd, file, nullptr, 50), 0);
  recorder.may_begin(link.sender, Operation::send, Path::sendmsg);
  refuse("splice of an empty pipe",
         splice(ends[0], nullptr, link.sender.fd, nullptr, 51, SPLICE_F_NONBLOCK), -EAGAIN);
  recorder.may_begin(link.sender, Operation::send, Path::sendmsg);
  refuse("splice of no bytes", splice(ends[0], nullptr, link.sender.fd, nullptr, 0, 0), 0);
  refuse("sendfile from a socket", sendfile(file, link.receiver.fd, nullptr, 52), -EINVAL);
  close_link(link, recorder);
}

}  // namespace

void add_no_message_steps(std::vector<Step>& steps) {
  steps.push_back({"no_message/not_a_descriptor", not_a_descriptor});
  steps.push_back({"no_message/not_a_socket", not_a_socket});
  steps.push_back({"no_message/empty_vectors", empty_vectors});
  steps.push_back({"no_message/positioned", positioned});
  steps.push_back({"no_message/unreadable", unreadable});
  steps.push_back({"no_message/nothing_to_move", nothing_to_move});
}

}  // namespace socktap::workload
