// ptrace(2) of one thread at a stop, in words.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>

#include "base/result.h"

namespace socktap::sources::ptrace {

// A system call that a thread is at the beginning or the end of.
struct TracedCall {
  bool ended = false;
  bool compat = false;  // of a 32-bit program
  std::uint64_t number = 0;
  std::array<std::uint64_t, 6> arguments{};  // not of one that has ended
  std::int64_t result = 0;                   // of one that has: or a negative errno
};

enum class Resume : std::uint8_t {
  run,           // until a call that the filter names, or a signal
  to_next_call,  // until a call begins or ends
};

// From now on its stops are told; it goes on running. `filtered`: calls that a filter names stop
// it. Its children and threads are traced too.
Result<void> seize(pid_t thread, bool filtered);

// Who is gone meanwhile does not care; its next wait status says so.
void resume(pid_t thread, Resume how, int signal);
// Stays stopped, as who stopped it wants, until that is over.
void leave_stopped(pid_t thread);
void interrupt(pid_t thread);

// nullopt: it is at no call, or gone.
std::optional<TracedCall> call_of(pid_t thread);

// What the registers of a thread that is about to end say of the call that it was in. Those of
// arm64 do not tell a call that never ran from one whose result is equal to its first argument.
struct KilledCall {
  bool ran = false;
  std::int64_t result = 0;  // of one that did
};
// nullopt: the thread is gone.
std::optional<KilledCall> killed_call(pid_t thread, std::uint64_t first_argument);

// What an event stop is about: of a new process or thread its number.
std::optional<unsigned long> message_of_event(pid_t thread);

// All of it, or false.
bool read_memory(pid_t thread, std::uint64_t address, void* to, std::size_t size);

}  // namespace socktap::sources::ptrace
