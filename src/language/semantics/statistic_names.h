// The names of what can be asked of a statistic.
#pragma once

#include <optional>
#include <string_view>

#include "language/typed_program.h"

namespace socktap::language::semantics {

inline constexpr std::string_view operator_names[] = {
    "@count",    "@sum",      "@min",         "@max",     "@avg",
    "@variance", "@hist_log", "@hist_linear", "@defined", "@probewrite"};

// As in StatFunction's order.
constexpr std::optional<StatFunction> find_stat_function(std::string_view name) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(StatFunction::variance); ++i)
    if (operator_names[i] == name) return static_cast<StatFunction>(i);
  return std::nullopt;
}

constexpr std::string_view name_of(StatFunction function) {
  return operator_names[static_cast<std::size_t>(function)];
}

constexpr bool is_histogram(std::string_view name) {
  return name == "@hist_log" || name == "@hist_linear";
}

}  // namespace socktap::language::semantics
