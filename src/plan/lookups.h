// What of settled globals the expressions that run where events arise look at.
#pragma once

#include "language/typed_program.h"
#include "plan/plan.h"
#include "plan/settled.h"

namespace socktap::plan {

// Adds it to the plan's tables.
void add_lookups(Plan& plan, const SettledGlobals& settled);

}  // namespace socktap::plan
