// -D NAME=VALUE: the budgets of a run by SystemTap's names.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "vm/limits.h"

namespace socktap::session {

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

// Whether a script may run where events arise, in part. Limits smaller than what that part can need
// would change what conditions and keys are, and errors that end nothing but their handler are
// found only in user space.
bool leave_room_for_kernel(const vm::Limits& limits);

}  // namespace socktap::session
