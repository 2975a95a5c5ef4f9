// Messages that threads send and receive by system calls.
#pragma once

#include <cstdint>

#include "sources/ptrace/emitter.h"

namespace socktap::sources::ptrace {

class Messages {
 public:
  explicit Messages(Emitter& emitter) : emitter_(emitter) {}  // borrowed

  // Tells what the thread's call begins. Whether it makes a message that is wanted when it ends;
  // the thread has it then.
  bool begins(Thread& thread);
  void ends(const Thread& thread, std::int64_t result);

 private:
  void emit(const Thread& thread, tapset::Phase phase, std::int64_t size);

  Emitter& emitter_;
};

}  // namespace socktap::sources::ptrace
