// Who is traced: processes, their threads, and the system calls that these are in.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/unique_fd.h"
#include "sources/ptrace/message_call.h"
#include "sources/ptrace/sockets.h"

namespace socktap::sources::ptrace {

// What a descriptor that is about to be closed leads to, as it is before.
struct Closing {
  int descriptor;
  SocketPtr socket;
  std::uint64_t since;
  SocketCondition condition;
};

// What a process's threads have in common.
struct Process {
  Process(ProcessHandle own, std::shared_ptr<DescriptorTable> descriptors)
      : handle(std::move(own)), table(std::move(descriptors)) {}

  pid_t number() const { return handle.process(); }
  SocketPtr socket_at(int descriptor) const { return table->at(handle, descriptor).socket; }
  SocketPtr socket_made_at(int descriptor) const {
    return table->made_at(handle, descriptor).socket;
  }

  ProcessHandle handle;
  std::shared_ptr<DescriptorTable> table;
  std::vector<Closing> closed_by_exec;  // by one that has begun, if it succeeds
};

struct Thread {
  void clear_call();

  pid_t number = 0;
  std::shared_ptr<Process> process;
  mutable UniqueFd name_file;     // of /proc, from when the name is asked for on
  bool is_filtered = false;       // only calls that a filter of ours names stop it
  std::optional<BegunCall> call;  // that it is in, if its end is waited for
  std::uint16_t form = 0;         // of the call, as call_settings_for() has it; 0: not asked for
  std::optional<MessageCall> message;  // that the call makes
  std::uint64_t began = 0;             // the message, ns of CLOCK_MONOTONIC
  bool begin_is_late = false;          // of a creation: told when it ends, if it was one
  bool disconnects = false;            // the call does
  std::vector<Closing> closing;        // what the call closes
};

inline void Thread::clear_call() {
  call.reset();
  form = 0;
  message.reset();
  began = 0;
  begin_is_late = disconnects = false;
  closing.clear();
}

}  // namespace socktap::sources::ptrace
