// What was found out about coverage, in words.
#pragma once

#include <string>

#include "sources/coverage.h"

namespace socktap::cli {

// "send by writev (conclusion)", "close (begin)"
std::string describe(const sources::PathCoverage& path);

// "fentry: refused: Operation not permitted (root, or CAP_BPF and CAP_PERFMON)"
std::string describe(const sources::Refusal& refusal);

}  // namespace socktap::cli
