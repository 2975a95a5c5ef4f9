// What SystemTap has and we do not, and why: so that a script that was written for SystemTap gets
// an answer and not just "unknown".
#pragma once

#include <string_view>

namespace socktap::language::semantics {

struct Refusal {
  std::string_view name, reason, hint;
};

// Null if the name is none that SystemTap has (as far as these lists go).
const Refusal* find_refused_family(std::string_view family);  // "kernel" of kernel.function
const Refusal* find_refused_operator(std::string_view name);  // "@entry"
const Refusal* find_refused_function(std::string_view name);  // "user_string"

}  // namespace socktap::language::semantics
