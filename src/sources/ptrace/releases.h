// Sockets whose last descriptor goes: by closing, by a new program, by the end of a process.
#pragma once

#include <cstdint>

#include "sources/ptrace/emitter.h"

namespace socktap::sources::ptrace {

class Releases {
 public:
  explicit Releases(Emitter& emitter) : emitter_(emitter) {}  // borrowed

  bool are_wanted() const;

  // Whether the end of a call that closes descriptors is to be told, too.
  bool begins(Thread& thread);
  void ends(Thread& thread, std::int64_t result);

  void replaced_program(Thread& thread);  // by execve
  void leaves(Thread& thread);            // the last that has its descriptors is about to end

  // What the descriptors of a process lead to is found out before they go or are shared.
  void explore(Process& process) const;

  // From now on the thread has descriptors of its own.
  void unshare_descriptors(Thread& thread) const;

  // Those that are open are open elsewhere, too.
  void inherited(Process& process) const;

  // Of a socket that was made and dropped within the thread's call.
  void dropped(const Thread& thread, const Socket& socket);

 private:
  Closing closing_of(const Thread& thread, int descriptor,
                     const DescriptorTable::Entry& entry) const;
  std::vector<Closing> closings_in(const Thread& thread, std::uint32_t first,
                                   std::uint32_t last) const;
  void close(const Thread& thread, const Closing& closing);
  // `descriptor`: by which the socket was closed; -1: by none.
  void emit(const Thread& thread, const Socket& socket, const SocketCondition& condition,
            int descriptor);

  Emitter& emitter_;
};

bool is_close(socktap_call kind);

}  // namespace socktap::sources::ptrace
