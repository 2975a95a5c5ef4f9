// The arguments of vector and asynchronous calls.
#pragma once

#include <linux/aio_abi.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstdint>
#include <span>

namespace socktap::workload {

// A message in two parts, so that a collector that reads the first only is found out.
inline std::array<iovec, 2> halves(std::span<char> bytes) {
  const std::size_t half = bytes.size() / 2;
  return {iovec{bytes.data(), half}, iovec{bytes.data() + half, bytes.size() - half}};
}

inline msghdr header_of(std::array<iovec, 2>& parts) {
  msghdr header{};
  header.msg_iov = parts.data();
  header.msg_iovlen = parts.size();
  return header;
}

inline iocb aio_operation(std::uint16_t opcode, int fd, const void* buffer, std::size_t count) {
  iocb operation{};
  operation.aio_lio_opcode = opcode;
  operation.aio_fildes = static_cast<std::uint32_t>(fd);
  operation.aio_buf = reinterpret_cast<std::uint64_t>(buffer);
  operation.aio_nbytes = count;
  return operation;
}

}  // namespace socktap::workload
