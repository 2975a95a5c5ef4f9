// What the system calls of processes, and their lives, show of what a run asks for.
#pragma once

#include "sources/coverage.h"
#include "sources/interest.h"

namespace socktap::sources::ptrace {

Coverage coverage_of(const Interest& interest);

}  // namespace socktap::sources::ptrace
