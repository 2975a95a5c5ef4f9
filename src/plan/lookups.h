// What of settled globals the expressions that run where events arise look at.
#pragma once

#include "language/typed_program.h"
#include "plan/kernel_expression.h"
#include "plan/plan.h"

namespace socktap::plan {

// Adds it to the plan's tables. `scope`: of handlers.
void add_lookups(Plan& plan, const KernelScope& scope);

}  // namespace socktap::plan
