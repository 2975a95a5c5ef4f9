#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "calls.h"
#include "message_parts.h"

namespace socktap::workload {
namespace {

using Bytes = std::span<char>;

long by_recv(Workbench&, int fd, Bytes bytes) {
  return outcome(recv(fd, bytes.data(), bytes.size(), 0));
}

long by_recvfrom(Workbench&, int fd, Bytes bytes) {
  sockaddr_storage from{};
  socklen_t length = sizeof from;
  return outcome(
      recvfrom(fd, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &length));
}

long by_recvmsg(Workbench&, int fd, Bytes bytes) {
  auto parts = halves(bytes);
  msghdr header = header_of(parts);
  return outcome(recvmsg(fd, &header, 0));
}

long by_recvmmsg(Workbench&, int fd, Bytes bytes) {
  auto parts = halves(bytes);
  mmsghdr one{header_of(parts), 0};
  const long received = outcome(recvmmsg(fd, &one, 1, 0, nullptr));
  return received == 1 ? static_cast<long>(one.msg_len) : received;
}

long by_read(Workbench&, int fd, Bytes bytes) {
  return outcome(read(fd, bytes.data(), bytes.size()));
}

long by_readv(Workbench&, int fd, Bytes bytes) {
  const auto parts = halves(bytes);
  return outcome(readv(fd, parts.data(), 2));
}

long by_preadv2(Workbench&, int fd, Bytes bytes) {
  const auto parts = halves(bytes);
  return outcome(syscall(SYS_preadv2, fd, parts.data(), 2, -1L, -1L, 0));
}

long by_splice(Workbench& bench, int fd, Bytes bytes) {
  const auto ends = bench.pipe();
  const long moved = outcome(splice(fd, nullptr, ends[1], nullptr, bytes.size(), 0));
  if (moved <= 0) return moved;
  const long drained = outcome(read(ends[0], bytes.data(), bytes.size()));
  require(drained == moved, "read from a pipe", drained);
  return moved;
}

long by_aio_pread(Workbench& bench, int fd, Bytes bytes) {
  return bench.run_aio(aio_operation(IOCB_CMD_PREAD, fd, bytes.data(), bytes.size()));
}

long by_aio_preadv(Workbench& bench, int fd, Bytes bytes) {
  const auto parts = halves(bytes);
  return bench.run_aio(aio_operation(IOCB_CMD_PREADV, fd, parts.data(), parts.size()));
}

long by_uring(Workbench& bench, std::uint8_t opcode, int fd, Bytes bytes) {
  return bench.ring()->run(
      uring_entry(opcode, fd, bytes.data(), static_cast<std::uint32_t>(bytes.size())));
}

long by_uring_recv(Workbench& bench, int fd, Bytes bytes) {
  return by_uring(bench, IORING_OP_RECV, fd, bytes);
}

long by_uring_recvmsg(Workbench& bench, int fd, Bytes bytes) {
  auto parts = halves(bytes);
  const msghdr header = header_of(parts);
  return bench.ring()->run(uring_entry(IORING_OP_RECVMSG, fd, &header, 1));
}

long by_uring_read(Workbench& bench, int fd, Bytes bytes) {
  return by_uring(bench, IORING_OP_READ, fd, bytes);
}

long by_uring_readv(Workbench& bench, int fd, Bytes bytes) {
  const auto parts = halves(bytes);
  return bench.ring()->run(uring_entry(IORING_OP_READV, fd, parts.data(), 2));
}

constexpr PathSet recvmsg_path{Path::recvmsg};
constexpr PathSet read_path{Path::aio_read};
constexpr PathSet readv_path{Path::readv};
using Needs = Call::Needs;

constexpr Call calls[] = {
    {"recv", recvmsg_path, mark::none, by_recv},
    {"recvfrom", recvmsg_path, mark::none, by_recvfrom},
    {"recvmsg", recvmsg_path, mark::none, by_recvmsg},
    {"recvmmsg", recvmsg_path, mark::none, by_recvmmsg},
    {"read", read_path, mark::none, by_read},
    {"readv", readv_path, mark::none, by_readv},
    {"preadv2", readv_path, mark::none, by_preadv2},
    {"splice", readv_path, mark::none, by_splice},
    {"aio_pread", read_path, mark::aio_begin, by_aio_pread, Needs::aio},
    {"aio_preadv", read_path, mark::aio_begin, by_aio_preadv, Needs::aio},
    {"uring_recv", recvmsg_path, mark::uring_begin, by_uring_recv, Needs::ring},
    {"uring_recvmsg", recvmsg_path, mark::uring_begin, by_uring_recvmsg, Needs::ring},
    {"uring_read", read_path, mark::uring_begin, by_uring_read, Needs::ring},
    {"uring_readv", read_path, mark::uring_begin, by_uring_readv, Needs::ring},
};

}  // namespace

std::span<const Call> receive_calls() { return calls; }
const Call& plain_receive() { return calls[0]; }

}  // namespace socktap::workload
