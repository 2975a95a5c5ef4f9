#include "sources/calibration/ways.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;

using Data = std::span<char>;

bool moved(ssize_t result, Data data) { return result == static_cast<ssize_t>(data.size()); }

iovec vector_of(Data data) { return {.iov_base = data.data(), .iov_len = data.size()}; }

bool send_plainly(Workshop&, int socket, Data data) {
  return moved(::send(socket, data.data(), data.size(), MSG_NOSIGNAL), data);
}
bool receive_plainly(Workshop&, int socket, Data data) {
  return moved(::recv(socket, data.data(), data.size(), 0), data);
}
bool write_plainly(Workshop&, int socket, Data data) {
  return moved(::write(socket, data.data(), data.size()), data);
}
bool read_plainly(Workshop&, int socket, Data data) {
  return moved(::read(socket, data.data(), data.size()), data);
}
bool write_vectors(Workshop&, int socket, Data data) {
  const iovec vector = vector_of(data);
  return moved(::writev(socket, &vector, 1), data);
}
bool read_vectors(Workshop&, int socket, Data data) {
  const iovec vector = vector_of(data);
  return moved(::readv(socket, &vector, 1), data);
}
bool write_vectors_at_position(Workshop&, int socket, Data data) {
  const iovec vector = vector_of(data);
  return moved(::pwritev2(socket, &vector, 1, -1, 0), data);
}
bool read_vectors_at_position(Workshop&, int socket, Data data) {
  const iovec vector = vector_of(data);
  return moved(::preadv2(socket, &vector, 1, -1, 0), data);
}

bool send_header(Workshop&, int socket, Data data) {
  iovec vector = vector_of(data);
  const msghdr header{.msg_iov = &vector, .msg_iovlen = 1};
  return moved(::sendmsg(socket, &header, MSG_NOSIGNAL), data);
}
bool receive_header(Workshop&, int socket, Data data) {
  iovec vector = vector_of(data);
  msghdr header{.msg_iov = &vector, .msg_iovlen = 1};
  return moved(::recvmsg(socket, &header, 0), data);
}
bool send_batch(Workshop&, int socket, Data data) {
  iovec vector = vector_of(data);
  mmsghdr header{.msg_hdr = {.msg_iov = &vector, .msg_iovlen = 1}};
  return ::sendmmsg(socket, &header, 1, MSG_NOSIGNAL) == 1;
}
bool receive_batch(Workshop&, int socket, Data data) {
  iovec vector = vector_of(data);
  mmsghdr header{.msg_hdr = {.msg_iov = &vector, .msg_iovlen = 1}};
  return ::recvmmsg(socket, &header, 1, 0, nullptr) == 1;
}

bool send_file(Workshop& workshop, int socket, Data data) {
  off_t offset = 0;
  return moved(::sendfile(socket, workshop.file(), &offset, data.size()), data);
}
bool splice_in(Workshop& workshop, int socket, Data data) {
  const std::span<const int> pipe = workshop.pipe();
  if (pipe.empty() || !moved(::write(pipe[1], data.data(), data.size()), data)) return false;
  if (moved(::splice(pipe[0], nullptr, socket, nullptr, data.size(), 0), data)) return true;
  while (::read(pipe[0], data.data(), data.size()) > 0) continue;  // for the next one
  return false;
}

bool by_aio(Workshop& workshop, int socket, Data data, int opcode) {
  iocb request{};
  request.aio_lio_opcode = static_cast<__u16>(opcode);
  request.aio_fildes = static_cast<__u32>(socket);
  request.aio_buf = reinterpret_cast<__u64>(data.data());
  request.aio_nbytes = data.size();
  iocb* requests[] = {&request};
  io_event event{};
  if (::syscall(SYS_io_submit, workshop.aio(), 1, requests) != 1) return false;
  if (::syscall(SYS_io_getevents, workshop.aio(), 1, 1, &event, nullptr) != 1) return false;
  return moved(static_cast<ssize_t>(event.res), data);
}
bool write_by_aio(Workshop& workshop, int socket, Data data) {
  return by_aio(workshop, socket, data, IOCB_CMD_PWRITE);
}
bool read_by_aio(Workshop& workshop, int socket, Data data) {
  return by_aio(workshop, socket, data, IOCB_CMD_PREAD);
}

template <typename Prepare>
bool by_uring(Workshop& workshop, Data data, Prepare prepare) {
  io_uring* ring = workshop.ring();
  io_uring_sqe* entry = ring ? io_uring_get_sqe(ring) : nullptr;
  if (!entry) return false;
  prepare(entry);
  io_uring_cqe* completion = nullptr;
  if (io_uring_submit(ring) != 1 || io_uring_wait_cqe(ring, &completion) != 0) return false;
  const int result = completion->res;
  io_uring_cqe_seen(ring, completion);
  return moved(result, data);
}
bool send_by_uring(Workshop& workshop, int socket, Data data) {
  return by_uring(workshop, data, [&](io_uring_sqe* entry) {
    io_uring_prep_send(entry, socket, data.data(), data.size(), MSG_NOSIGNAL);
  });
}
bool receive_by_uring(Workshop& workshop, int socket, Data data) {
  return by_uring(workshop, data, [&](io_uring_sqe* entry) {
    io_uring_prep_recv(entry, socket, data.data(), data.size(), 0);
  });
}
bool write_by_uring(Workshop& workshop, int socket, Data data) {
  return by_uring(workshop, data, [&](io_uring_sqe* entry) {
    io_uring_prep_write(entry, socket, data.data(), static_cast<unsigned>(data.size()), 0);
  });
}
bool read_by_uring(Workshop& workshop, int socket, Data data) {
  return by_uring(workshop, data, [&](io_uring_sqe* entry) {
    io_uring_prep_read(entry, socket, data.data(), static_cast<unsigned>(data.size()), 0);
  });
}

constexpr Way sends[] = {
    {"send", Operation::send, Path::sendmsg, true, send_plainly},
    {"write", Operation::send, Path::aio_write, true, write_plainly},
    {"writev", Operation::send, Path::writev, true, write_vectors},
    {"sendmsg", Operation::send, Path::sendmsg, true, send_header},
    {"sendmmsg", Operation::send, Path::sendmsg, true, send_batch},
    {"pwritev2", Operation::send, Path::writev, true, write_vectors_at_position},
    {"sendfile", Operation::send, Path::sendmsg, true, send_file},
    {"splice", Operation::send, Path::sendmsg, true, splice_in},
    {"io_submit", Operation::send, Path::aio_write, false, write_by_aio},
    {"io_uring send", Operation::send, Path::sendmsg, false, send_by_uring},
    {"io_uring write", Operation::send, Path::aio_write, false, write_by_uring},
};
constexpr Way receives[] = {
    {"recv", Operation::receive, Path::recvmsg, true, receive_plainly},
    {"read", Operation::receive, Path::aio_read, true, read_plainly},
    {"readv", Operation::receive, Path::readv, true, read_vectors},
    {"recvmsg", Operation::receive, Path::recvmsg, true, receive_header},
    {"recvmmsg", Operation::receive, Path::recvmsg, true, receive_batch},
    {"preadv2", Operation::receive, Path::readv, true, read_vectors_at_position},
    {"io_submit", Operation::receive, Path::aio_read, false, read_by_aio},
    {"io_uring recv", Operation::receive, Path::recvmsg, false, receive_by_uring},
    {"io_uring read", Operation::receive, Path::aio_read, false, read_by_uring},
};
constexpr std::size_t plain = 3;
constexpr off_t file_length = 4096;

}  // namespace

Workshop::~Workshop() {
  if (ring_) io_uring_queue_exit(ring_.get());
  if (aio_) ::syscall(SYS_io_destroy, aio_);
}

int Workshop::file() {
  if (!file_.valid()) {
    file_.reset(::memfd_create("socktap", MFD_CLOEXEC));
    if (file_.valid() && ::ftruncate(file_.get(), file_length) != 0) file_.reset();
  }
  return file_.get();
}

std::span<const int> Workshop::pipe() {
  if (pipe_ends_[0] < 0) {
    if (::pipe2(pipe_ends_, O_CLOEXEC | O_NONBLOCK) != 0) return {};
    pipe_[0].reset(pipe_ends_[0]);
    pipe_[1].reset(pipe_ends_[1]);
  }
  return pipe_ends_;
}

io_uring* Workshop::ring() {
  if (!ring_tried_) {
    ring_tried_ = true;
    ring_ = std::make_unique<io_uring>();
    if (io_uring_queue_init(2, ring_.get(), 0) != 0) ring_.reset();
  }
  return ring_.get();
}

aio_context_t Workshop::aio() {
  if (!aio_ && ::syscall(SYS_io_setup, 1, &aio_) != 0) aio_ = 0;
  return aio_;
}

std::span<const Way> plain_ways(Operation direction) { return all_ways(direction).first(plain); }

std::span<const Way> all_ways(Operation direction) {
  return direction == Operation::send ? std::span<const Way>(sends)
                                      : std::span<const Way>(receives);
}

}  // namespace socktap::sources
