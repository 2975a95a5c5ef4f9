#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "calls.h"
#include "message_parts.h"

namespace socktap::workload {
namespace {

using Bytes = std::span<char>;

long by_send(Workbench&, int fd, Bytes bytes) {
  return outcome(send(fd, bytes.data(), bytes.size(), 0));
}

long by_sendto(Workbench&, int fd, Bytes bytes) {
  return outcome(sendto(fd, bytes.data(), bytes.size(), MSG_DONTWAIT, nullptr, 0));
}

long by_sendmsg(Workbench&, int fd, Bytes bytes) {
  auto parts = halves(bytes);
  const msghdr header = header_of(parts);
  return outcome(sendmsg(fd, &header, 0));
}

long by_sendmmsg(Workbench&, int fd, Bytes bytes) {
  auto parts = halves(bytes);
  mmsghdr one{header_of(parts), 0};
  const long sent = outcome(sendmmsg(fd, &one, 1, 0));
  return sent == 1 ? static_cast<long>(one.msg_len) : sent;
}

long by_write(Workbench&, int fd, Bytes bytes) {
  return outcome(write(fd, bytes.data(), bytes.size()));
}

long by_writev(Workbench&, int fd, Bytes bytes) {
  const auto parts = halves(bytes);
  return outcome(writev(fd, parts.data(), 2));
}

long by_pwritev2(Workbench&, int fd, Bytes bytes) {
  const auto parts = halves(bytes);
  return outcome(syscall(SYS_pwritev2, fd, parts.data(), 2, -1L, -1L, 0));
}

long by_sendfile(Workbench& bench, int fd, Bytes bytes) {
  return outcome(sendfile(fd, bench.file_of(bytes), nullptr, bytes.size()));
}

long by_splice(Workbench& bench, int fd, Bytes bytes) {
  const auto ends = bench.pipe();
  const long filled = outcome(write(ends[1], bytes.data(), bytes.size()));
  require(filled == static_cast<long>(bytes.size()), "write to a pipe", filled);
  return outcome(splice(ends[0], nullptr, fd, nullptr, bytes.size(), 0));
}

long by_aio_pwrite(Workbench& bench, int fd, Bytes bytes) {
  return bench.run_aio(aio_operation(IOCB_CMD_PWRITE, fd, bytes.data(), bytes.size()));
}

long by_aio_pwritev(Workbench& bench, int fd, Bytes bytes) {
  const auto parts = halves(bytes);
  return bench.run_aio(aio_operation(IOCB_CMD_PWRITEV, fd, parts.data(), parts.size()));
}

long by_uring(Workbench& bench, std::uint8_t opcode, int fd, Bytes bytes) {
  return bench.ring()->run(
      uring_entry(opcode, fd, bytes.data(), static_cast<std::uint32_t>(bytes.size())));
}

long by_uring_send(Workbench& bench, int fd, Bytes bytes) {
  return by_uring(bench, IORING_OP_SEND, fd, bytes);
}

long by_uring_send_zc(Workbench& bench, int fd, Bytes bytes) {
  return by_uring(bench, IORING_OP_SEND_ZC, fd, bytes);
}

long by_uring_sendmsg(Workbench& bench, int fd, Bytes bytes) {
  auto parts = halves(bytes);
  const msghdr header = header_of(parts);
  return bench.ring()->run(uring_entry(IORING_OP_SENDMSG, fd, &header, 1));
}

long by_uring_write(Workbench& bench, int fd, Bytes bytes) {
  return by_uring(bench, IORING_OP_WRITE, fd, bytes);
}

long by_uring_writev(Workbench& bench, int fd, Bytes bytes) {
  const auto parts = halves(bytes);
  return bench.ring()->run(uring_entry(IORING_OP_WRITEV, fd, parts.data(), 2));
}

constexpr PathSet sendmsg_path{Path::sendmsg};
constexpr PathSet write_path{Path::aio_write};
constexpr PathSet writev_path{Path::writev};
using Needs = Call::Needs;

constexpr Call calls[] = {
    {"send", sendmsg_path, mark::none, by_send},
    {"sendto", sendmsg_path, mark::none, by_sendto},
    {"sendmsg", sendmsg_path, mark::none, by_sendmsg},
    {"sendmmsg", sendmsg_path, mark::none, by_sendmmsg},
    {"write", write_path, mark::none, by_write},
    {"writev", writev_path, mark::none, by_writev},
    {"pwritev2", writev_path, mark::none, by_pwritev2},
    {"sendfile", sendmsg_path, mark::none, by_sendfile},
    {"splice", sendmsg_path, mark::none, by_splice},
    {"aio_pwrite", write_path, mark::aio_begin, by_aio_pwrite, Needs::aio},
    {"aio_pwritev", write_path, mark::aio_begin, by_aio_pwritev, Needs::aio},
    {"uring_send", sendmsg_path, mark::uring_begin, by_uring_send, Needs::ring},
    {"uring_send_zc", sendmsg_path, mark::uring_begin, by_uring_send_zc, Needs::zero_copy},
    {"uring_sendmsg", sendmsg_path, mark::uring_begin, by_uring_sendmsg, Needs::ring},
    {"uring_write", write_path, mark::uring_begin, by_uring_write, Needs::ring},
    {"uring_writev", write_path, mark::uring_begin, by_uring_writev, Needs::ring},
};

}  // namespace

std::span<const Call> send_calls() { return calls; }
const Call& plain_send() { return calls[0]; }

}  // namespace socktap::workload
