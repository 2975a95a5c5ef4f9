// Makes records of what happens, with as much about who and which socket as is asked for.
#pragma once

#include <cstdint>
#include <optional>

#include "base/cgroups.h"
#include "sources/interest.h"
#include "sources/ptrace/event_writer.h"
#include "sources/ptrace/thread.h"

namespace socktap::sources::ptrace {

class Emitter {
 public:
  // Both are borrowed.
  Emitter(const Interest& interest, EventWriter& writer);

  const Interest& interest() const { return interest_; }
  Asked asked() const { return asked_; }  // of sockets

  // `fill` is given the record, which tells already who did it; nothing happens if nobody asks.
  template <typename Fill>
  void emit(const Thread& thread, tapset::Operation operation, tapset::Phase phase, Fill fill) {
    if (!interest_.wants(operation, phase)) return;
    writer_.write([&](WholeEvent& whole) {
      whole.record.operation = static_cast<__u8>(operation);
      whole.record.phase = static_cast<__u8>(phase);
      fill_task(whole.record, thread);
      if (has_tail_) fill_tail(whole.tail, thread);
      fill(whole);
    });
  }

  // The socket that a descriptor of the thread leads to.
  void fill_socket(WholeEvent& whole, const Thread& thread, Socket& socket, int descriptor) const;

  // Of a socket that is not there yet, or has never been: its namespace is the thread's.
  void fill_namespace(WholeEvent& whole, const Thread& thread) const;
  // As it was, perhaps before it was released.
  void fill_condition(WholeEvent& whole, const SocketCondition& condition) const;
  // By which the thread names the socket.
  void fill_descriptor(WholeEvent& whole, int descriptor) const {
    if (has_tail_) whole.tail.fd = descriptor;
  }

  void count_missed() { writer_.count_missed(); }
  void say_farewell() { writer_.say_farewell(); }  // no more events come

 private:
  void fill_task(Event& event, const Thread& thread) const;
  void fill_tail(EventTail& tail, const Thread& thread) const;

  const Interest& interest_;
  EventWriter& writer_;
  Asked asked_;
  bool has_tail_;                       // records do
  std::optional<CgroupMount> cgroups_;  // if they are asked for
};

// What stays of a socket for its whole life.
void fill_identity(Event& event, const Socket& socket);

}  // namespace socktap::sources::ptrace
