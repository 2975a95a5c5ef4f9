#include "workbench.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace socktap::workload {

Workbench::~Workbench() {
  if (aio_ != 0) syscall(SYS_io_destroy, aio_);
  for (const int fd : {pipe_[0], pipe_[1], file_}) {
    if (fd >= 0) close(fd);
  }
}

Ring* Workbench::ring() {
  if (!ring_ && !ring_refused_) {
    if (auto made = Ring::create()) {
      ring_.emplace(std::move(*made));
    } else {
      ring_refused_ = true;
    }
  }
  return ring_ ? &*ring_ : nullptr;
}

aio_context_t Workbench::aio() {
  if (aio_ == 0) syscall(SYS_io_setup, 8, &aio_);
  return aio_;
}

long Workbench::run_aio(const iocb& operation) {
  iocb copy = operation;
  iocb* list[] = {&copy};
  const long submitted = outcome(syscall(SYS_io_submit, aio(), 1, list));
  if (submitted < 0) return submitted;
  io_event event{};
  const long got = outcome(syscall(SYS_io_getevents, aio(), 1, 1, &event, nullptr));
  require(got == 1, "io_getevents", got);
  return static_cast<long>(event.res);
}

std::span<const int, 2> Workbench::pipe() {
  if (pipe_[0] < 0) {
    require(pipe2(pipe_, O_CLOEXEC) == 0, "pipe2");
    fcntl(pipe_[1], F_SETPIPE_SZ, 1 << 20);
  }
  return pipe_;
}

int Workbench::file_of(std::span<const char> bytes) {
  if (file_ < 0) file_ = memfd_create("workload", MFD_CLOEXEC);
  require(ftruncate(file_, 0) == 0, "ftruncate");
  const long written = outcome(pwrite(file_, bytes.data(), bytes.size(), 0));
  require(written == static_cast<long>(bytes.size()), "pwrite to a memory file", written);
  lseek(file_, 0, SEEK_SET);
  return file_;
}

}  // namespace socktap::workload
