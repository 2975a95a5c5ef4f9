#include "cli/function_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/data_records.h"
#include "tapset/functions.h"

namespace socktap::cli {
namespace {

// A parameter that may be left out stands in brackets, as in the text.
std::vector<std::string> parameters(const tapset::FunctionRow& function) {
  std::vector<std::string> types;
  for (std::size_t i = 0; i < function.max_arguments(); ++i) {
    const std::string type(type_keyword(function.parameter(i)));
    types.push_back(i < function.min_arguments() ? type : "[" + type + "]");
  }
  return types;
}

std::string prototype(const tapset::FunctionRow& function, std::string_view result) {
  std::string text(function.name);
  text.append(":").append(result).append(" (");
  return text + fmt::format("{})", fmt::join(parameters(function), ", "));
}

// Calls `show` for each function that lists name.
void for_each_listed(auto show) {
  for (const tapset::FunctionRow& function : tapset::functions())
    if (tapset::is_listed(function)) show(function);
}

DataRecords function_records() {
  DataRecords records;
  for_each_listed([&](const tapset::FunctionRow& function) {
    records.push_back({"function",
                       {{"name", function.name},
                        {"type", type_keyword(function.result)},
                        {"parameters", parameters(function)},
                        {"help", function.help}}});
  });
  return records;
}

}  // namespace

void print_functions(Format format) {
  constexpr std::string_view columns[] = {"name", "type", "parameters", "help"};
  if (format != Format::text) {
    fmt::print("{}", for_machines(function_records(), columns, format));
    return;
  }
  for_each_listed([](const tapset::FunctionRow& function) {
    fmt::print("{:48} {}\n", prototype(function, type_keyword(function.result)), function.help);
  });
}

void dump_functions() {
  std::vector<std::string> lines;
  for_each_listed([&](const tapset::FunctionRow& function) {
    const bool returns = function.result != Type::none;
    lines.push_back(prototype(function, returns ? type_keyword(function.result) : "unknown"));
  });
  std::ranges::sort(lines);
  for (const std::string& line : lines) fmt::print("{}\n", line);
}

}  // namespace socktap::cli
