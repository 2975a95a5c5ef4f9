// What the system calls of traced threads tell of their sockets, as events.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sources/interest.h"
#include "sources/ptrace/event_writer.h"
#include "sources/ptrace/message_call.h"
#include "sources/ptrace/sockets.h"

namespace socktap::sources::ptrace {

// A process: what its threads have in common.
struct Process {
  explicit Process(pid_t number) : handle(number) {}
  Process(ProcessHandle own, std::shared_ptr<DescriptorTable> descriptors)
      : handle(std::move(own)), table(std::move(descriptors)) {}

  ProcessHandle handle;
  std::shared_ptr<DescriptorTable> table;
  // Of a call that replaces the program: what it would close, as that was when it began.
  struct Closing {
    int descriptor;
    SocketPtr socket;
    SocketCondition condition;
  };
  std::vector<Closing> closed_by_exec;
};

struct Thread {
  pid_t number = 0;
  std::shared_ptr<Process> process;
  std::optional<BegunCall> call;          // that it is in, if its end is waited for
  std::optional<MessageCall> message;     // that the call makes
  std::uint64_t began = 0;                // the message, ns of CLOCK_MONOTONIC
  bool is_filtered = false;               // only calls that a filter of ours names stop it
  bool begin_is_late = false;             // of a creation: told when it ends, if it was none
  std::vector<Process::Closing> closing;  // what the call closes
};

class CallEvents {
 public:
  // Both are borrowed.
  CallEvents(const Interest& interest, EventWriter& writer)
      : interest_(interest), writer_(writer) {}

  // Whether the end of the call is to be told, too.
  bool begins(Thread& thread, const TracedCall& call);
  void ends(Thread& thread, std::int64_t result);

  void replaced_program(Thread& thread);  // by execve, which does not return
  void leaves(Thread& thread);            // the last that has its descriptors is about to end

  // Before a process takes over or shares what another has.
  void explore(Process& process);
  bool wants_closes() const;
  void say_farewell() { writer_.say_farewell(); }  // no more events come

 private:
  bool message_begins(Thread& thread);
  static bool may_have_reached(const Thread& thread, std::int64_t result);
  void message_ends(Thread& thread, std::int64_t result);
  void tell_message(const Thread& thread, tapset::Phase phase, std::int64_t size);

  bool creation_begins(Thread& thread);
  void creation_ends(Thread& thread, std::int64_t result);
  void pair_ends(Thread& thread, std::int64_t result);
  void tell_creation(const Thread& thread, tapset::Phase phase, std::int64_t result,
                     const Socket* made);
  void tell_failed_release(const Thread& thread, int family, int protocol);

  bool closing_begins(Thread& thread);
  void closing_ends(Thread& thread, std::int64_t result);
  void close(const Thread& thread, const Process::Closing& closing);
  void tell_release(const Thread& thread, const Socket& socket, const SocketCondition& condition);
  Process::Closing closing_of(const Thread& thread, int descriptor);
  void unshare(Thread& thread);
  void passed_on(Thread& thread);
  void received(Thread& thread);

  void fill_socket(Event& event, const Thread& thread, Socket& socket, int descriptor);

  const Interest& interest_;
  EventWriter& writer_;
};

}  // namespace socktap::sources::ptrace
