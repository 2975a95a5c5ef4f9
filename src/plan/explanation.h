// A plan in words: for each handler what runs in the kernel, what is sent, and why the rest is not
// there.
#pragma once

#include <string>

#include "base/source_map.h"
#include "plan/plan.h"

namespace socktap::plan {

// As `explain` prints it.
std::string explanation(const Plan& plan, const SourceMap& sources);

}  // namespace socktap::plan
