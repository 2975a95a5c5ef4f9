#include "manual/tapset_pages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <vector>

#include "manual/roff.h"
#include "tapset/catalogue.h"
#include "tapset/functions.h"

namespace socktap::manual {
namespace {

using tapset::FunctionRow;
using tapset::ProbePoint;

std::vector<std::string_view> variables_of(const ProbePoint& point) {
  std::vector<std::string_view> names;
  for (const tapset::Binding& binding : point.bindings)
    names.push_back(tapset::row(binding.variable).name);
  return names;
}

std::string prototype(const FunctionRow& function) {
  std::string text = bold(function.name) + "(";
  for (std::size_t i = 0; i < function.max_arguments(); ++i) {
    const bool is_optional = i >= function.min_arguments();
    text += fmt::format("{}{}{}{}", is_optional ? "[" : "", i > 0 ? ", " : "",
                        type_keyword(function.parameter(i)), is_optional ? "]" : "");
  }
  text += ")";
  if (function.result != Type::none) text += fmt::format(": {}", type_keyword(function.result));
  return text;
}

}  // namespace

std::string point_list() {
  std::string text;
  for (const ProbePoint& point : tapset::probe_points()) {
    text += fmt::format(".TP\n{}\n{}.\n", bold(point.name), escaped(point.help));
    if (!point.bindings.empty())
      text +=
          fmt::format(".br\n{}\n", italics(fmt::format("{}", fmt::join(variables_of(point), " "))));
  }
  return text;
}

std::string variable_list() {
  tapset::VariableSet used;
  for (const ProbePoint& point : tapset::probe_points())
    for (const tapset::Binding& binding : point.bindings) used.insert(binding.variable);
  std::string text;
  for (const tapset::VariableRow& variable : tapset::variables())
    if (used.contains(variable.id))
      text += fmt::format(".TP\n{}: {}\n{}\n", bold(variable.name), type_keyword(variable.type),
                          escaped(variable.help));
  return text;
}

std::string function_sections() {
  std::string text;
  std::string_view group;
  for (const FunctionRow& function : tapset::functions()) {
    if (!is_listed(function)) continue;
    if (group_of(function.id) != group) text += fmt::format(".SS {}\n", group_of(function.id));
    group = group_of(function.id);
    text += fmt::format(".TP\n{}\n{}\n", prototype(function), escaped(function.help));
  }
  return text;
}

std::string call_list() {
  std::map<std::string_view, std::string> calls;
  for (const ProbePoint& point : tapset::call_points()) {
    if (!point.name.starts_with("syscall.") || point.name.ends_with(".return")) continue;
    auto names = variables_of(point);
    std::erase_if(names, [](std::string_view name) { return name == "name" || name == "argstr"; });
    calls[point.name] = escaped(fmt::format("{}", fmt::join(names, " ")));
  }
  std::string text;
  for (const auto& [name, variables] : calls)
    text += fmt::format(".TP\n{}\n{}\n", bold(name), variables.empty() ? "\\&" : variables);
  return text;
}

}  // namespace socktap::manual
