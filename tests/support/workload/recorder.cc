#include "recorder.h"

#include <fmt/core.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <fstream>

namespace socktap::workload {
namespace {

using test::Happening;
using test::Value;

constexpr PathSet no_path{Path::none};
constexpr int nospace = 1 << 2;

std::string thread_name() {
  char name[16] = {};
  prctl(PR_GET_NAME, name);
  return name;
}

// Of the thread group: what a kernel worker of ours goes by.
std::string leader_name() {
  std::ifstream in("/proc/self/comm");
  std::string name;
  std::getline(in, name);
  return name;
}

void describe(Happening& happening, const Socket& socket, bool may_lack_room) {
  happening.set(Value::family, socket.family);
  happening.set(Value::protocol, socket.protocol);
  happening.set(Value::type, socket.type);
  happening.set(Value::state, socket.state);
  const Flags flags = flags_of(socket.fd);
  happening.set(Value::flags, flags.bits, may_lack_room ? flags.mask : flags.mask | nospace);
}

}  // namespace

Happening Recorder::happening(Operation operation, Phase phase, PathSet paths) const {
  Happening happening;
  happening.step = step_;
  happening.call = calls_;
  happening.operation = operation;
  happening.phase = phase;
  happening.paths = paths;
  happening.comm = thread_name();
  happening.set(Value::pid, getpid());
  happening.set(Value::tid, gettid());
  return happening;
}

void Recorder::message(const Socket& socket, const Message& message) {
  ++calls_;
  Happening begin = happening(message.operation, Phase::begin, message.paths);
  if (message.on_worker) {
    begin[Value::tid].reset();
    begin.comm = leader_name();  // of a worker too
  }
  describe(begin, socket, message.may_lack_room);
  begin.in_pieces = message.in_pieces;
  if (message.msg_flags) begin.set(Value::msg_flags, *message.msg_flags, *message.msg_flags);

  Happening conclusion = begin;
  conclusion.phase = Phase::conclusion;
  conclusion.mark = message.conclusion_mark;
  conclusion.set(Value::size, message.moved);
  conclusion.set(Value::success, message.moved >= 0 ? 1 : 0);

  begin.mark = message.begin_mark;
  if (message.begin_state) begin.set(Value::state, *message.begin_state);
  begin.set(Value::size, message.offered);
  write(begin);
  write(conclusion);
}

void Recorder::may_begin(const Socket& socket, Operation operation, Path path) {
  ++calls_;
  Happening begin = happening(operation, Phase::begin, {path});
  describe(begin, socket, true);
  begin.mark = mark::unreadable_at_entry;
  write(begin);
}

void Recorder::created(int family, int type, int protocol, int error) {
  ++calls_;
  Happening begin = happening(Operation::create, Phase::begin, no_path);
  begin.set(Value::family, family);
  begin.set(Value::type, type);
  begin.set(Value::protocol, protocol);
  begin.set(Value::requester, 0);
  Happening conclusion = begin;
  conclusion.phase = Phase::conclusion;
  conclusion.set(Value::err, error);
  conclusion.set(Value::success, error == 0 ? 1 : 0);
  write(begin);
  write(conclusion);
}

Recorder::Closing Recorder::closing(const Socket& socket) const {
  Closing closing = happening(Operation::close, Phase::begin, no_path);
  describe(closing, socket, true);
  return closing;
}

void Recorder::closed(const Closing& closing, std::string_view mark) {
  Happening begin = closing;
  begin.call = ++calls_;
  begin.mark = mark;
  Happening conclusion = happening(Operation::close, Phase::conclusion, no_path);
  conclusion.mark = mark;
  conclusion.comm = begin.comm;
  conclusion[Value::pid] = begin[Value::pid];
  conclusion[Value::tid] = begin[Value::tid];
  write(begin);
  write(conclusion);
}

void Recorder::will_close(Closing closing, std::optional<std::int64_t> pid,
                          std::optional<std::int64_t> tid) {
  closing[Value::pid].reset();
  closing[Value::tid].reset();
  closing.comm.clear();
  if (pid) closing.set(Value::pid, *pid);
  if (tid) closing.set(Value::tid, *tid);
  closed(closing);
}

void Recorder::discarded(const Socket& socket) {
  Closing closing = happening(Operation::close, Phase::begin, no_path);
  closing.set(Value::family, socket.family);
  closing.set(Value::protocol, socket.protocol);
  closing.set(Value::type, socket.type);
  closed(closing);
}

void Recorder::skipped(std::string_view reason) {
  write_line(fmt::format("# skipped {}: {}\n", step_, reason));
}

void Recorder::write(const Happening& happening) { write_line(test::format(happening) + '\n'); }

void Recorder::write_line(std::string line) {
  const auto written = ::write(fd_, line.data(), line.size());
  require(written == static_cast<ssize_t>(line.size()), "truth file", written);
}

}  // namespace socktap::workload
