// io_uring by its bare system calls: one submission at a time.
#pragma once

#include <linux/io_uring.h>

#include <cstdint>
#include <optional>

#include "base/unique_fd.h"

namespace socktap::workload {

// Prepared submissions for the operations that the workload uses.
io_uring_sqe uring_entry(std::uint8_t opcode, int fd, const void* address, std::uint32_t length);

// One thread uses it.
class Ring {
 public:
  // nullopt where the kernel has none or refuses it.
  static std::optional<Ring> create(unsigned flags = 0);
  Ring(Ring&& other) noexcept;
  Ring& operator=(Ring&&) = delete;
  ~Ring();

  int fd() const { return fd_.get(); }
  // Whether the running kernel knows the operation.
  bool offers(std::uint8_t opcode) const;

  // Hands the entry to the kernel, which may complete it at once.
  void submit(const io_uring_sqe& entry);
  // The next completion; waits for it.
  io_uring_cqe wait();
  // Whether wait() would return at once. No system call.
  bool ready() const;
  // Both; the result of the entry. Where the kernel says that more follows, that is awaited too.
  int run(const io_uring_sqe& entry);

 private:
  Ring() = default;
  bool polled() const;

  UniqueFd fd_;
  io_uring_params params_{};
  void* submission_ = nullptr;
  void* completion_ = nullptr;
  io_uring_sqe* entries_ = nullptr;
  std::size_t submission_bytes_ = 0;
  std::size_t completion_bytes_ = 0;
  std::size_t entries_bytes_ = 0;
};

}  // namespace socktap::workload
