#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/command.h"
#include "tapset/catalogue.h"
#include "tapset/functions.h"

namespace socktap::cli {
namespace {

// "*" stands for the rest of one component, "**" for any rest, as in probe points.
bool matches(const std::string& pattern, std::string_view name) {
  if (pattern.find("**") != std::string::npos)
    return ::fnmatch(pattern.c_str(), std::string(name).c_str(), 0) == 0;
  return std::ranges::count(pattern, '.') == std::ranges::count(name, '.') &&
         ::fnmatch(pattern.c_str(), std::string(name).c_str(), 0) == 0;
}

std::vector<const tapset::ProbePoint*> matching(const std::string& pattern) {
  std::vector<const tapset::ProbePoint*> points;
  for (const tapset::ProbePoint& point : tapset::probe_points()) {
    if (matches(pattern, point.name)) points.push_back(&point);
  }
  std::ranges::sort(points, {}, &tapset::ProbePoint::name);
  return points;
}

int list_points(const std::string& pattern, bool with_variables) {
  const auto points = matching(pattern);
  for (const tapset::ProbePoint* point : points) {
    fmt::print("{}{}{}\n", point->name, with_variables ? " " : "",
               with_variables ? tapset::signature(*point) : "");
  }
  return points.empty() ? exit_script_failed : exit_done;
}

std::string prototype(const tapset::FunctionRow& function) {
  std::string text(function.name);
  text.append(":").append(type_keyword(function.result)).append(" (");
  for (std::size_t i = 0; i < function.max_arguments(); ++i) {
    if (i > 0) text += ", ";
    if (i >= function.min_arguments()) text += "[";
    text += type_keyword(function.parameter(i));
    if (i >= function.min_arguments()) text += "]";
  }
  return text + ")";
}

int list_functions() {
  for (const tapset::FunctionRow& function : tapset::functions()) {
    fmt::print("{:48} {}\n", prototype(function), function.help);
  }
  return exit_done;
}

int list_everything() {
  for (const tapset::ProbePoint& point : tapset::probe_points()) {
    fmt::print("{:28} {}\n", point.name, point.help);
  }
  fmt::print("\nVariables:\n");
  for (const tapset::VariableRow& variable : tapset::variables()) {
    fmt::print("  {:12} {}\n", variable.name, variable.help);
  }
  return exit_done;
}

}  // namespace

int list_command(const std::vector<std::string>& arguments) {
  std::string names, signatures;
  bool functions = false;
  CLI::App app("Lists what a script can name.", "socktap list");
  app.add_option("-l", names, "names of the probe points that match PATTERN, one a line")
      ->type_name("PATTERN");
  app.add_option("-L", signatures, "the same with their variables and types")->type_name("PATTERN");
  app.add_flag("--functions", functions, "the library functions");
  app.footer(
      "\nExamples:\n  socktap list -l 'socket.*'\n  socktap list -L 'socket.**'\n  socktap list "
      "--functions");
  if (const auto status = parse_arguments(app, arguments)) return *status;
  if (functions) return list_functions();
  if (!signatures.empty()) return list_points(signatures, true);
  if (!names.empty()) return list_points(names, false);
  return list_everything();
}

}  // namespace socktap::cli
