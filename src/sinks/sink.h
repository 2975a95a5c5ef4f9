// Where a run's output goes.
#pragma once

#include "base/result.h"
#include "event/record.h"

namespace socktap::sinks {

class Sink {
 public:
  virtual ~Sink() = default;

  // Takes one record; the view in it is valid only during the call. Refusals of the world (a
  // closed pipe, a full disk) come back from here or from flush().
  virtual Result<void> write(const Record& record) = 0;

  // Everything taken so far reaches its destination before this returns.
  virtual Result<void> flush() = 0;
};

}  // namespace socktap::sinks
