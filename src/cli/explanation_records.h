// What `socktap explain` says, for machines.
#pragma once

#include <string>
#include <vector>

#include "cli/output.h"
#include "plan/explanation.h"

namespace socktap::cli {

// As JSON or CSV: a record for each handler.
std::string explanation_for_machines(const std::vector<plan::HandlerExplanation>& handlers,
                                     Format format);

}  // namespace socktap::cli
