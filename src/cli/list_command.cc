#include <fmt/format.h>

#include <optional>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/data_records.h"
#include "cli/function_list.h"
#include "cli/point_list.h"
#include "tapset/catalogue.h"

namespace socktap::cli {
namespace {

// What points other than those of system calls have.
tapset::VariableSet common_variables() {
  tapset::VariableSet used;
  for (const tapset::ProbePoint& point : tapset::probe_points())
    for (const tapset::Binding& binding : point.bindings) used.insert(binding.variable);
  return used;
}

// System calls are too many to be shown one by one.
void list_everything() {
  const tapset::VariableSet used = common_variables();
  for (const tapset::ProbePoint& point : tapset::probe_points())
    fmt::print("{:28} {}\n", point.name, point.help);
  fmt::print("{:28} the system call NAME begins; `socktap list -L 'syscall.*'` lists them\n",
             "syscall.NAME");
  fmt::print("{:28} it has returned\n", "syscall.NAME.return");
  fmt::print("\nVariables:\n");
  for (const tapset::VariableRow& variable : tapset::variables()) {
    if (used.contains(variable.id)) fmt::print("  {:12} {}\n", variable.name, variable.help);
  }
}

DataRecords everything() {
  DataRecords records;
  for (const auto points : {tapset::probe_points(), tapset::call_points()})
    for (const tapset::ProbePoint& point : points)
      records.push_back(
          {"probe_point",
           {{"name", point.name}, {"variables", variables_of(point)}, {"help", point.help}}});
  const tapset::VariableSet used = common_variables();
  for (const tapset::VariableRow& variable : tapset::variables())
    if (used.contains(variable.id))
      records.push_back({"variable",
                         {{"name", variable.name},
                          {"type", type_keyword(variable.type)},
                          {"help", variable.help}}});
  return records;
}

void list_everything(Format format) {
  constexpr std::string_view columns[] = {"name", "type", "variables", "help"};
  if (format == Format::text)
    list_everything();
  else
    fmt::print("{}", for_machines(everything(), columns, format));
}

struct ListLine : CommandLine {
  ListLine();
  std::optional<std::string> names, signatures;
  bool functions = false;
  Format format = Format::text;
};

ListLine::ListLine() : CommandLine("list", "Lists what a script can name.") {
  app.add_option("-l", names, "names of the probe points that match PATTERN, one a line")
      ->type_name("PATTERN");
  app.add_option("-L", signatures, "the same with their variables and types")->type_name("PATTERN");
  app.add_flag("--functions", functions, "the library functions");
  add_format_option(app, format);
  app.footer(
      "\nExamples:\n  socktap list -l 'socket.*'\n  socktap list -L 'socket.**' -f csv\n  socktap "
      "list "
      "--functions");
}

}  // namespace

std::unique_ptr<CommandLine> list_line() { return std::make_unique<ListLine>(); }

int list_command(const std::vector<std::string>& arguments) {
  ListLine line;
  if (const auto status = parse_arguments(line.app, arguments)) return *status;
  if (!line.functions && line.signatures)
    return list_points(*line.signatures, {}, true, line.format);
  if (!line.functions && line.names) return list_points(*line.names, {}, false, line.format);
  if (line.functions) {
    print_functions(line.format);
  } else {
    list_everything(line.format);
  }
  return exit_done;
}

}  // namespace socktap::cli
