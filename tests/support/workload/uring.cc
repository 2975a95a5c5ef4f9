#include "uring.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <utility>

#include "socket.h"

namespace socktap::workload {
namespace {

constexpr unsigned ring_entries = 8;

std::atomic_ref<std::uint32_t> word_at(void* ring, std::uint32_t offset) {
  return std::atomic_ref(*reinterpret_cast<std::uint32_t*>(static_cast<char*>(ring) + offset));
}

long enter(int fd, unsigned to_submit, unsigned wanted, unsigned flags) {
  return outcome(syscall(SYS_io_uring_enter, fd, to_submit, wanted, flags, nullptr, 0));
}

void* map(int fd, std::size_t bytes, off_t offset) {
  return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
}

}  // namespace

io_uring_sqe uring_entry(std::uint8_t opcode, int fd, const void* address, std::uint32_t length) {
  io_uring_sqe entry{};
  entry.opcode = opcode;
  entry.fd = fd;
  entry.addr = reinterpret_cast<std::uint64_t>(address);
  entry.len = length;
  return entry;
}

std::optional<Ring> Ring::create(unsigned flags) {
  Ring ring;
  ring.params_.flags = flags;
  ring.params_.sq_thread_idle = 1000;
  ring.fd_.reset(static_cast<int>(syscall(SYS_io_uring_setup, ring_entries, &ring.params_)));
  if (!ring.fd_.valid()) return std::nullopt;
  const io_uring_params& p = ring.params_;
  ring.submission_bytes_ = p.sq_off.array + p.sq_entries * sizeof(std::uint32_t);
  ring.completion_bytes_ = p.cq_off.cqes + p.cq_entries * sizeof(io_uring_cqe);
  ring.entries_bytes_ = p.sq_entries * sizeof(io_uring_sqe);
  ring.submission_ = map(ring.fd(), ring.submission_bytes_, IORING_OFF_SQ_RING);
  ring.completion_ = map(ring.fd(), ring.completion_bytes_, IORING_OFF_CQ_RING);
  void* entries = map(ring.fd(), ring.entries_bytes_, IORING_OFF_SQES);
  require(ring.submission_ != MAP_FAILED && ring.completion_ != MAP_FAILED && entries != MAP_FAILED,
          "mmap of io_uring");
  ring.entries_ = static_cast<io_uring_sqe*>(entries);
  return ring;
}

Ring::Ring(Ring&& other) noexcept
    : fd_(std::move(other.fd_)),
      params_(other.params_),
      submission_(std::exchange(other.submission_, nullptr)),
      completion_(std::exchange(other.completion_, nullptr)),
      entries_(std::exchange(other.entries_, nullptr)),
      submission_bytes_(other.submission_bytes_),
      completion_bytes_(other.completion_bytes_),
      entries_bytes_(other.entries_bytes_) {}

Ring::~Ring() {
  if (submission_ != nullptr) munmap(submission_, submission_bytes_);
  if (completion_ != nullptr) munmap(completion_, completion_bytes_);
  if (entries_ != nullptr) munmap(entries_, entries_bytes_);
}

bool Ring::offers(std::uint8_t opcode) const {
  constexpr unsigned all = 256;
  alignas(
      io_uring_probe) char answer[sizeof(io_uring_probe) + all * sizeof(io_uring_probe_op)] = {};
  auto* probe = reinterpret_cast<io_uring_probe*>(answer);
  if (syscall(SYS_io_uring_register, fd(), IORING_REGISTER_PROBE, probe, all) != 0) return false;
  return opcode <= probe->last_op && (probe->ops[opcode].flags & IO_URING_OP_SUPPORTED) != 0;
}

bool Ring::polled() const { return (params_.flags & IORING_SETUP_SQPOLL) != 0; }

void Ring::submit(const io_uring_sqe& entry) {
  auto tail = word_at(submission_, params_.sq_off.tail);
  const std::uint32_t mask = word_at(submission_, params_.sq_off.ring_mask).load();
  const std::uint32_t at = tail.load() & mask;
  entries_[at] = entry;
  word_at(submission_, params_.sq_off.array + at * sizeof(std::uint32_t)).store(at);
  tail.fetch_add(1, std::memory_order_release);
  if (polled()) {
    const bool asleep =
        (word_at(submission_, params_.sq_off.flags).load() & IORING_SQ_NEED_WAKEUP) != 0;
    if (asleep) enter(fd(), 1, 0, IORING_ENTER_SQ_WAKEUP);
    return;
  }
  const long submitted = enter(fd(), 1, 0, 0);
  require(submitted == 1, "io_uring_enter", submitted);
}

bool Ring::ready() const {
  return word_at(completion_, params_.cq_off.tail).load(std::memory_order_acquire) !=
         word_at(completion_, params_.cq_off.head).load();
}

io_uring_cqe Ring::wait() {
  auto head = word_at(completion_, params_.cq_off.head);
  while (!ready()) {
    const long entered = enter(fd(), 0, 1, IORING_ENTER_GETEVENTS);
    require(entered >= 0 || entered == -EINTR, "io_uring_enter to wait", entered);
  }
  const std::uint32_t mask = word_at(completion_, params_.cq_off.ring_mask).load();
  const auto* cqes =
      reinterpret_cast<const io_uring_cqe*>(static_cast<char*>(completion_) + params_.cq_off.cqes);
  io_uring_cqe completion{};
  completion.user_data = cqes[head.load() & mask].user_data;
  completion.res = cqes[head.load() & mask].res;
  completion.flags = cqes[head.load() & mask].flags;
  head.fetch_add(1, std::memory_order_release);
  return completion;
}

int Ring::run(const io_uring_sqe& entry) {
  submit(entry);
  const io_uring_cqe completion = wait();
  if ((completion.flags & IORING_CQE_F_MORE) != 0) wait();  // the buffer of send_zc is free again
  return completion.res;
}

}  // namespace socktap::workload
