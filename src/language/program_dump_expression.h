// Typed expressions as text: fully parenthesised, event variables and globals told apart from
// locals by a mark.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "language/typed_program.h"

namespace socktap::language {

struct DumpScope {
  const TypedProgram& program;
  const std::vector<Local>& locals;
  bool marks_variables = true;  // the event's, by "event."
};

std::string dump_expression(const Expr& expression, DumpScope scope);
std::string dump_place(const Place& place, DumpScope scope);  // "x", "$total", "$a[1, *]"
std::string dump_keys(const std::vector<ExprPtr>& keys, DumpScope scope);  // "[1, *]"
std::string_view stat_function_name(StatFunction function);                // "@count"

}  // namespace socktap::language
