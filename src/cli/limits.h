// -D NAME=VALUE: the budgets of a run by SystemTap's names.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "vm/limits.h"

namespace socktap::cli {

struct ParsedLimits {
  vm::Limits limits;
  std::vector<std::string> ignored;  // names that mean something to SystemTap's runtime only
};

Result<ParsedLimits> parse_limits(const std::vector<std::string>& definitions);

}  // namespace socktap::cli
