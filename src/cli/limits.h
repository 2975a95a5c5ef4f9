// -D NAME=VALUE: the budgets of a run by SystemTap's names.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "vm/limits.h"

namespace socktap::cli {

struct LimitRow {
  std::string_view name;
  std::int64_t vm::Limits::*member;
  std::int64_t smallest, largest;
  std::string_view help;
};

std::span<const LimitRow> limit_rows();

struct ParsedLimits {
  vm::Limits limits;
  std::vector<std::string> ignored;  // names that mean something to SystemTap's runtime only
};

Result<ParsedLimits> parse_limits(const std::vector<std::string>& definitions);

}  // namespace socktap::cli
