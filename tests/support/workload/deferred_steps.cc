// io_uring operations that are not made while they are submitted: on sockets that become ready
// later, and on the kernel's workers.

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "calls.h"
#include "exchange.h"
#include "message_parts.h"
#include "steps.h"

namespace socktap::workload {
namespace {

using namespace std::chrono_literals;

void send_later(Recorder& recorder, const Socket& socket, long size, int wake_up) {
  prctl(PR_SET_NAME, "late_sender");
  std::this_thread::sleep_for(30ms);
  send_bytes(recorder, socket, size);
  std::this_thread::sleep_for(20ms);
  require(write(wake_up, "w", 1) == 1, "write to a pipe");
}

// How the thread spends its time until the socket is ready. The operation is then made inside
// whatever it is at, whose call number is the one in the saved registers.
void read_pipe(const Ring&, int pipe_end) {
  char byte = 0;
  require(read(pipe_end, &byte, 1) == 1, "read from a pipe");
}

// In no call at all: an interrupt brings the completion.
void spin(const Ring& ring, int pipe_end) {
  while (!ring.ready()) {
  }
  read_pipe(ring, pipe_end);
}

// Submitted while nothing is there.
void ready_later(Workbench& bench, const LinkKind& kind, std::uint8_t opcode, PathSet paths,
                 void (*pass_time)(const Ring&, int)) {
  Ring* const ring = bench.ring();
  if (ring == nullptr) return bench.recorder().skipped("no io_uring");
  const auto link = open_link(kind, bench.recorder());
  if (!link) return;
  const long size = static_cast<long>(bench.next_size());
  std::vector<char> room(static_cast<std::size_t>(size) + 70);
  ring->submit(
      uring_entry(opcode, link->receiver.fd, room.data(), static_cast<std::uint32_t>(room.size())));
  const auto ends = bench.pipe();
  std::thread sender(send_later, std::ref(bench.recorder()), link->sender, size, ends[1]);
  pass_time(*ring, ends[0]);
  const int received = ring->wait().res;
  sender.join();
  require(received == size + kind.added_on_receipt, "io_uring receive", received);
  bench.recorder().message(link->receiver, {.operation = Operation::receive,
                                            .paths = paths,
                                            .offered = static_cast<std::int64_t>(room.size()),
                                            .moved = received,
                                            .begin_mark = mark::uring_begin});
  close_link(*link, bench.recorder());
}

// One operation, two transfers: what is there, and the rest when it comes.
void in_two_transfers(Workbench& bench) {
  Ring* const ring = bench.ring();
  if (ring == nullptr) return bench.recorder().skipped("no io_uring");
  const Link link = open_tcp(AF_INET, bench.recorder());
  const long first = static_cast<long>(bench.next_size());
  const long second = static_cast<long>(bench.next_size());
  send_bytes(bench.recorder(), link.sender, first);
  std::vector<char> room(static_cast<std::size_t>(first + second));
  io_uring_sqe entry = uring_entry(IORING_OP_RECV, link.receiver.fd, room.data(),
                                   static_cast<std::uint32_t>(room.size()));
  entry.msg_flags = MSG_WAITALL;
  ring->submit(entry);
  send_bytes(bench.recorder(), link.sender, second);
  const int received = ring->wait().res;
  require(received == first + second, "io_uring receive of all", received);
  bench.recorder().message(link.receiver, {.operation = Operation::receive,
                                           .paths = {Path::recvmsg},
                                           .offered = received,
                                           .moved = received,
                                           .begin_mark = mark::uring_begin,
                                           .in_pieces = true});
  close_link(link, bench.recorder());
}

struct WorkerCall {
  std::string_view name;
  std::uint8_t opcode;
  Operation operation;
  PathSet paths;
};
// A kernel that does not tell what a worker is at lets it count as the send or receive path.
constexpr WorkerCall worker_calls[] = {
    {"send", IORING_OP_SEND, Operation::send, {Path::sendmsg}},
    {"write", IORING_OP_WRITE, Operation::send, {Path::aio_write, Path::sendmsg}},
    {"recv", IORING_OP_RECV, Operation::receive, {Path::recvmsg}},
    {"read", IORING_OP_READ, Operation::receive, {Path::aio_read, Path::recvmsg}},
};

bool is_working(const std::filesystem::path& task) {
  std::string name;
  std::string stat;
  std::ifstream name_file(task / "comm");
  std::ifstream stat_file(task / "stat");
  std::getline(name_file, name);
  std::getline(stat_file, stat);
  return name.starts_with("iou-wrk") && stat.find(") S ") == std::string::npos;
}

bool workers_are_idle() {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
    if (is_working(task.path())) return false;
  return true;
}

// An operation is reported as done before its file is let go of. Who closes that too early does not
// release it: the polling thread has got on when it does something else, a worker when it sleeps.
void wait_until_let_go(Ring& ring) {
  ring.run(uring_entry(IORING_OP_NOP, -1, nullptr, 0));
  while (!workers_are_idle()) std::this_thread::sleep_for(100us);
}

// Runs one operation on a kernel thread of ours; `ring` and `entry_flags` see to that.
void on_worker(Recorder& recorder, Ring& ring, unsigned entry_flags, const WorkerCall& call,
               const LinkKind& kind, std::size_t size) {
  const auto link = open_link(kind, recorder);
  if (!link) return;
  const bool sends = call.operation == Operation::send;
  const Socket& socket = sends ? link->sender : link->receiver;
  if (!sends) send_bytes(recorder, link->sender, static_cast<long>(size));
  std::vector<char> bytes(size);
  io_uring_sqe entry =
      uring_entry(call.opcode, socket.fd, bytes.data(), static_cast<std::uint32_t>(size));
  entry.flags = static_cast<std::uint8_t>(entry_flags);
  const int moved = ring.run(entry);
  require(moved == static_cast<long>(size), "io_uring operation of a worker", moved);
  wait_until_let_go(ring);
  recorder.message(socket, {.operation = call.operation,
                            .paths = call.paths,
                            .offered = static_cast<std::int64_t>(size),
                            .moved = moved,
                            .begin_mark = mark::uring_begin,
                            .on_worker = true});
  if (sends) receive_bytes(recorder, link->receiver, moved);
  close_link(*link, recorder);
}

void forced_async(Workbench& bench, const WorkerCall& call, const LinkKind& kind) {
  Ring* const ring = bench.ring();
  if (ring == nullptr) return bench.recorder().skipped("no io_uring");
  on_worker(bench.recorder(), *ring, IOSQE_ASYNC, call, kind, bench.next_size());
}

// Submitted by a thread with a name of its own: the worker's events carry the group leader's.
void forced_async_of_thread(Workbench& bench, const WorkerCall& call, const LinkKind& kind) {
  const std::size_t size = bench.next_size();
  if (bench.ring() == nullptr) return bench.recorder().skipped("no io_uring");
  std::thread submitter([&] {
    prctl(PR_SET_NAME, "submitter");
    auto ring = Ring::create();
    require(ring.has_value(), "a second ring");
    on_worker(bench.recorder(), *ring, IOSQE_ASYNC, call, kind, size);
  });
  submitter.join();
}

// The kernel's polling thread submits. A thread of our own makes the ring and ends with it: the end
// of a ring interrupts whatever call its maker is in, some time later.
void polled(Workbench& bench, const WorkerCall& call, const LinkKind& kind) {
  const std::size_t size = bench.next_size();
  std::thread submitter([&] {
    prctl(PR_SET_NAME, "submitter");
    auto ring = Ring::create(IORING_SETUP_SQPOLL);
    if (!ring) return bench.recorder().skipped("no polling io_uring");
    on_worker(bench.recorder(), *ring, 0, call, kind, size);
  });
  submitter.join();
}

}  // namespace

void add_deferred_steps(std::vector<Step>& steps) {
  for (const LinkKind& kind : link_kinds()) {
    if (kind.name != "tcp4" && kind.name != "unix_stream" && kind.name != "udp4") continue;
    const std::string name(kind.name);
    struct Waiting {
      const char* name;
      void (*pass_time)(const Ring&, int);
    };
    for (const Waiting waiting : {Waiting{"in_read", read_pipe}, Waiting{"spinning", spin}}) {
      const std::string suffix = std::string(waiting.name) + "/" + name;
      steps.push_back({"deferred/recv_ready_later/" + suffix, [&kind, waiting](Workbench& bench) {
                         ready_later(bench, kind, IORING_OP_RECV, {Path::recvmsg},
                                     waiting.pass_time);
                       }});
      steps.push_back({"deferred/read_ready_later/" + suffix, [&kind, waiting](Workbench& bench) {
                         ready_later(bench, kind, IORING_OP_READ, {Path::aio_read, Path::recvmsg},
                                     waiting.pass_time);
                       }});
    }
    for (const WorkerCall& call : worker_calls) {
      const std::string suffix = std::string(call.name) + "/" + name;
      steps.push_back({"deferred/worker_" + suffix,
                       [&](Workbench& bench) { forced_async(bench, call, kind); }});
      steps.push_back({"deferred/thread_worker_" + suffix,
                       [&](Workbench& bench) { forced_async_of_thread(bench, call, kind); }});
      steps.push_back(
          {"deferred/polled_" + suffix, [&](Workbench& bench) { polled(bench, call, kind); }});
    }
  }
  steps.push_back({"deferred/in_two_transfers", in_two_transfers});
}

}  // namespace socktap::workload
