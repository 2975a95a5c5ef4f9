// The names of what can be asked of a statistic.
#pragma once

#include <optional>
#include <string_view>

#include "language/typed_program.h"

namespace socktap::language::semantics {

// In StatFunction's order.
inline constexpr std::string_view stat_function_names[] = {"@count", "@sum", "@min",
                                                           "@max",   "@avg", "@variance"};

constexpr std::optional<StatFunction> find_stat_function(std::string_view name) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(StatFunction::variance); ++i)
    if (stat_function_names[i] == name) return static_cast<StatFunction>(i);
  return std::nullopt;
}

constexpr std::string_view name_of(StatFunction function) {
  return stat_function_names[static_cast<std::size_t>(function)];
}

constexpr bool is_histogram(std::string_view name) {
  return name == "@hist_log" || name == "@hist_linear";
}

}  // namespace socktap::language::semantics
