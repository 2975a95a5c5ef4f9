// What a probe point that is no alias stands for.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "language/semantics/point_name.h"
#include "language/semantics/reporter.h"
#include "language/typed_program.h"

namespace socktap::language::semantics {

struct NoSuchPoint {};
struct BadPoint {};  // reported
using TriggerResult = std::variant<NoSuchPoint, BadPoint, Trigger>;

// begin, end, error, never and timer.*: the points that every run has, with their arguments.
TriggerResult resolve_own_point(Components components, Reporter& reporter);

// The names among them that a wildcard may match, and those that a hint may offer.
std::span<const std::string_view> own_points_without_argument();
std::span<const std::string_view> own_points();

}  // namespace socktap::language::semantics
