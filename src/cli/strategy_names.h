// The names that --disable-strategy takes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace socktap::cli {

// Fails on the first that no strategy has, with the nearest that one has, or all.
Result<void> check_strategy_names(const std::vector<std::string>& names);

}  // namespace socktap::cli
