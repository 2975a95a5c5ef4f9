// Sockets that threads make by socket(2) and socketpair(2).
#pragma once

#include <cstdint>

#include "sources/ptrace/emitter.h"
#include "sources/ptrace/releases.h"

namespace socktap::sources::ptrace {

class Creations {
 public:
  // Both are borrowed.
  Creations(Emitter& emitter, Releases& releases) : emitter_(emitter), releases_(releases) {}

  // Whether the end of the call is to be told, too.
  bool begins(Thread& thread);
  void ends(Thread& thread, std::int64_t result);

 private:
  void pair_ends(Thread& thread, std::int64_t result);
  void emit_begin(const Thread& thread);
  void emit_end(const Thread& thread, std::int64_t result, const Socket* made, int descriptor);
  void dropped(const Thread& thread, int family, int protocol);

  Emitter& emitter_;
  Releases& releases_;
};

bool is_creation(socktap_call kind);

}  // namespace socktap::sources::ptrace
