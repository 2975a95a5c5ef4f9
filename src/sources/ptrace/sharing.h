// Descriptors that multiply: duplicates, copies of a whole table, what is passed by SCM_RIGHTS.
#pragma once

#include <cstdint>

#include "sources/ptrace/releases.h"
#include "sources/ptrace/thread.h"

namespace socktap::sources::ptrace {

class Sharing {
 public:
  explicit Sharing(const Releases& releases) : releases_(releases) {}  // borrowed

  // Whether the call multiplies descriptors, as far as that has to be known, so that its end is to
  // be told.
  bool begins(const Thread& thread) const;
  void ends(Thread& thread, std::int64_t result) const;

 private:
  const Releases& releases_;
};

// By SCM_RIGHTS.
bool may_pass_descriptors(socktap_call kind);

}  // namespace socktap::sources::ptrace
