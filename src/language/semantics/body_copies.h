// Bodies of aliases stand in every handler that came by them, and a probe's own in each of its
// handlers: a short script may mean a large program.
#pragma once

#include <vector>

#include "language/semantics/probe_expansion.h"

namespace socktap::language::semantics {

// How many statements and expressions the handlers have beyond what the script says once. At most
// 1,000,000 are taken (some 100 MB when they are built); more are reported, and false.
bool check_body_copies(const std::vector<HandlerDraft>& handlers, Reporter& reporter);

}  // namespace socktap::language::semantics
