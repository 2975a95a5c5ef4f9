#include "tapset/functions.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace socktap::tapset {
namespace {

constexpr FunctionRow rows[] = {
#define SOCKTAP_FUNCTION(id, name, result, parameters, runs, needs, help) \
  {Function::id, name, Type::result, parameters, Runs::runs, needs, help},
#include "tapset/functions.def"
#undef SOCKTAP_FUNCTION
};

// The lines of the table: a group's title, or "" for a function.
constexpr std::string_view lines[] = {
#define SOCKTAP_FUNCTION_GROUP(title) title,
#define SOCKTAP_FUNCTION(...) "",
#include "tapset/functions.def"
#undef SOCKTAP_FUNCTION
};

}  // namespace

std::size_t FunctionRow::min_arguments() const {
  return std::min(parameters.find('|'), parameters.size());
}

std::size_t FunctionRow::max_arguments() const {
  return parameters.size() - static_cast<std::size_t>(std::ranges::count(parameters, '|'));
}

Type FunctionRow::parameter(std::size_t index) const {
  const std::size_t at = index < min_arguments() ? index : index + 1;  // step over the '|'
  return parameters[at] == 's' ? Type::string : Type::number;
}

std::span<const FunctionRow> functions() { return rows; }

const FunctionRow* find_function(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, const FunctionRow*> map;
    for (const FunctionRow& function : rows) map.emplace(function.name, &function);
    return map;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

std::string_view group_of(Function function) {
  std::string_view group;
  int before = static_cast<int>(function);
  for (const std::string_view line : lines) {
    if (!line.empty()) group = line;
    if (line.empty() && before-- == 0) break;
  }
  return group;
}

const FunctionRow& row(Function function) { return rows[static_cast<std::size_t>(function)]; }

}  // namespace socktap::tapset
