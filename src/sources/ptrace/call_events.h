// What traced threads do, as events: by their system calls, and by their lives.
#pragma once

#include "sources/interest.h"
#include "sources/ptrace/connections.h"
#include "sources/ptrace/creations.h"
#include "sources/ptrace/emitter.h"
#include "sources/ptrace/messages.h"
#include "sources/ptrace/releases.h"
#include "sources/ptrace/sharing.h"
#include "sources/ptrace/system_calls.h"
#include "sources/ptrace/tracee.h"

namespace socktap::sources::ptrace {

class CallEvents {
 public:
  // Both are borrowed.
  CallEvents(const Interest& interest, EventWriter& writer);
  CallEvents(const CallEvents&) = delete;  // its parts know each other
  CallEvents& operator=(const CallEvents&) = delete;

  // Whether the end of the call is to be told, too.
  bool begins(Thread& thread, const TracedCall& call);
  void ends(Thread& thread, std::int64_t result);

  void began_process(const Thread& thread, pid_t parent);
  void replaced_program(Thread& thread);
  void leaves_descriptors(Thread& thread);  // the last that has them is about to end
  void ends_process(const Thread& thread);  // its last thread

  // What the run's command has from who started it.
  void inherited(Process& process) const { releases_.inherited(process); }
  // Before a process takes over or shares what another has.
  void explore(Process& process) const { releases_.explore(process); }
  void count_missed() { emitter_.count_missed(); }  // the end of a call
  void say_farewell() { emitter_.say_farewell(); }  // no more events come

 private:
  Emitter emitter_;
  Messages messages_;
  Releases releases_;
  Creations creations_;
  Sharing sharing_;
  Connections connections_;
  SystemCalls system_calls_;
};

}  // namespace socktap::sources::ptrace
