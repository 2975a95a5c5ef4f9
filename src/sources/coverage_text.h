// What was found out about coverage, in words.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sources/coverage.h"

namespace socktap::sources {

// "send by writev (conclusion)", "close (begin)"
std::string describe(const PathCoverage& path);

// "fentry: refused: Operation not permitted (root, or CAP_BPF and CAP_PERFMON)"
std::string describe(const Refusal& refusal);

// What to say of paths that the script needs and that are blind or counted twice: one sentence for
// those of the same cause.
std::vector<std::string> coverage_warnings(const Coverage& coverage);

// The same of those that are seen, and how.
std::vector<std::string> coverage_notes(const Coverage& coverage);

// Fails where something is asked for, and nothing of it can be seen.
Result<void> check_visibility(const Coverage& coverage);

}  // namespace socktap::sources
