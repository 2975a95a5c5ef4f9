// Sockets that leave their peer because connect(2) is asked for no address.
#pragma once

#include <cstdint>

#include "sources/ptrace/emitter.h"

namespace socktap::sources::ptrace {

class Disconnections {
 public:
  explicit Disconnections(Emitter& emitter) : emitter_(emitter) {}  // borrowed

  // Whether the end of the call is to be told, too.
  bool begins(Thread& thread);
  void ends(const Thread& thread, std::int64_t result);

 private:
  void emit(const Thread& thread, tapset::Phase phase, std::int64_t result);

  Emitter& emitter_;
};

}  // namespace socktap::sources::ptrace
