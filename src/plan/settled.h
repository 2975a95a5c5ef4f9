// Globals whose values are known once the begin handlers have run: nobody else writes them. They
// are told to where events arise, which can look at numbers and at what arrays contain.
#pragma once

#include <vector>

#include "language/typed_program.h"

namespace socktap::plan {

using SettledGlobals = std::vector<bool>;  // by global

SettledGlobals settled_globals(const language::TypedProgram& program);

// Whether it runs before all events, or never.
bool only_begins(const language::Handler& handler);

}  // namespace socktap::plan
