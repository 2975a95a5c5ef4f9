// Finds out what ptrace sees here, by tracing a child that makes every operation.
#pragma once

#include "base/result.h"
#include "plan/plan.h"
#include "sources/coverage.h"

namespace socktap::sources {

// Of what the plan asks for. Fails where nothing can be traced, with the reason.
Result<Coverage> check_ptrace(const plan::Plan& plan);

}  // namespace socktap::sources
