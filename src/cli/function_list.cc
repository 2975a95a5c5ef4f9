#include "cli/function_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <string>
#include <vector>

#include "tapset/functions.h"

namespace socktap::cli {
namespace {

std::string prototype(const tapset::FunctionRow& function, std::string_view result) {
  std::string text(function.name);
  text.append(":").append(result).append(" (");
  for (std::size_t i = 0; i < function.max_arguments(); ++i) {
    if (i > 0) text += ", ";
    if (i >= function.min_arguments()) text += "[";
    text += type_keyword(function.parameter(i));
    if (i >= function.min_arguments()) text += "]";
  }
  return text + ")";
}

}  // namespace

void print_functions() {
  for (const tapset::FunctionRow& function :
       tapset::functions() | std::views::filter(tapset::is_listed))
    fmt::print("{:48} {}\n", prototype(function, type_keyword(function.result)), function.help);
}

void dump_functions() {
  std::vector<std::string> lines;
  for (const tapset::FunctionRow& function :
       tapset::functions() | std::views::filter(tapset::is_listed)) {
    const bool returns = function.result != Type::none;
    lines.push_back(prototype(function, returns ? type_keyword(function.result) : "unknown"));
  }
  std::ranges::sort(lines);
  for (const std::string& line : lines) fmt::print("{}\n", line);
}

}  // namespace socktap::cli
