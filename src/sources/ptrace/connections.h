// What connect(2) does to sockets: one that asks for no address ends a connection, and one that is
// not waited for leaves a socket connecting until it is called again.
#pragma once

#include <cstdint>

#include "sources/ptrace/emitter.h"

namespace socktap::sources::ptrace {

class Connections {
 public:
  explicit Connections(Emitter& emitter) : emitter_(emitter) {}  // borrowed

  // Whether the end of the call is to be told, too.
  bool begins(Thread& thread);
  void ends(const Thread& thread, std::int64_t result);

 private:
  void emit_disconnection(const Thread& thread, tapset::Phase phase, std::int64_t result);

  Emitter& emitter_;
};

}  // namespace socktap::sources::ptrace
