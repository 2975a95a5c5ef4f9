// The machine that is measured on.
#pragma once

#include "base/result.h"
#include "compare/results.h"

namespace socktap::bench {

Machine describe_machine(const Tools& tools);

// Peers find their tracepoints in tracefs; where it is not mounted, it becomes so for the bench and
// what it starts, and for nobody else.
Result<void> provide_tracefs();

}  // namespace socktap::bench
