#include "cli/point_list.h"

#include <fmt/format.h>

#include <map>
#include <utility>
#include <variant>

#include "cli/command.h"
#include "cli/message.h"
#include "tapset/catalogue.h"

namespace socktap::cli {
namespace {

using Json = nlohmann::ordered_json;

// What the point has and what the bodies of aliases set: the handler itself is empty.
Json variables_of(const language::Point& point, const language::Handler& handler) {
  const auto* const* in_tapset = std::get_if<const tapset::ProbePoint*>(&point.trigger);
  Json variables = in_tapset != nullptr ? cli::variables_of(**in_tapset) : Json::object();
  for (const language::Local& local : handler.locals) {
    const tapset::VariableRow* row = tapset::find_variable(local.name);
    if (in_tapset != nullptr && row != nullptr && (*in_tapset)->has(row->id)) continue;
    variables[local.name] = type_keyword(local.type);
  }
  return variables;
}

void print_points(const std::vector<ListedPoint>& points, bool with_variables) {
  for (const ListedPoint& point : points) {
    const bool more = with_variables && !point.variables.empty();
    fmt::print("{}{}{}\n", point.name, more ? " " : "", more ? signature(point) : "");
  }
}

std::string for_machines(const std::vector<ListedPoint>& points, bool with_variables,
                         Format format) {
  constexpr std::string_view columns[] = {"name", "variables"};
  DataRecords records;
  for (const ListedPoint& point : points) {
    records.push_back({"probe_point", {{"name", point.name}}});
    if (with_variables) records.back().data["variables"] = point.variables;
  }
  return cli::for_machines(records, Columns(columns, with_variables ? 2 : 1), format);
}

}  // namespace

std::string signature(const ListedPoint& point) {
  std::string text;
  for (const auto& [name, type] : point.variables.items())
    text += fmt::format("{}{}:{}", text.empty() ? "" : " ", name, type.get<std::string>());
  return text;
}

Json variables_of(const tapset::ProbePoint& point) {
  Json variables = Json::object();
  for (const tapset::Binding& binding : point.bindings) {
    const tapset::VariableRow& variable = tapset::row(binding.variable);
    variables[std::string(variable.name)] = type_keyword(variable.type);
  }
  return variables;
}

std::vector<ListedPoint> points_that_match(const std::string& pattern, ScriptOptions options) {
  options.text = "probe " + pattern + " { }";
  const auto script = read_script(options);
  if (!script) {
    print_error(script.error());
    return {};
  }
  auto tree = parse_script(**script);
  if (!tree.value) {
    print_diagnostics(tree.diagnostics, (*script)->sources, options.color);
    return {};
  }
  // The checker adds handlers of its own, and so may the additional texts.
  const auto is_asked_for = [&](const auto& place) {
    return place.span.source == (*script)->texts.front();
  };
  std::erase_if(tree.value->probes, [&](const auto& probe) { return !is_asked_for(probe); });
  for (language::ast::Probe& probe : tree.value->probes) {
    for (language::ast::Point& point : probe.points) point.optional = true;  // one is enough
  }
  const auto program = language::check(*tree.value, (*script)->invocation);
  if (!program.value) return {};
  std::map<std::string, ListedPoint> by_name;
  for (const language::Handler& handler : program.value->handlers) {
    if (!is_asked_for(handler)) continue;
    for (const language::Point& point : handler.points)
      by_name.try_emplace(point.name, ListedPoint{point.name, variables_of(point, handler)});
  }
  std::vector<ListedPoint> points;
  points.reserve(by_name.size());
  for (auto& [name, point] : by_name) points.push_back(std::move(point));
  return points;
}

int list_points(const std::string& pattern, const ScriptOptions& options, bool with_variables,
                Format format) {
  const auto points = points_that_match(pattern, options);
  if (format == Format::text)
    print_points(points, with_variables);
  else if (!points.empty())
    fmt::print("{}", for_machines(points, with_variables, format));
  return points.empty() ? exit_script_failed : exit_done;
}

}  // namespace socktap::cli
