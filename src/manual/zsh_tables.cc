#include <fmt/format.h>
#include <fmt/ranges.h>

#include "manual/command_model.h"
#include "manual/completions.h"
#include "manual/shell_text.h"
#include "manual/value_kinds.h"

namespace socktap::manual {
namespace {

// Within the [] of a specification.
std::string explained(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// "MESSAGE:ACTION", which says what a value is and proposes some.
std::string action(const OptionModel& option) {
  const ValueKind kind = kind_of(option);
  const std::string words = fmt::format("{}", fmt::join(kind.words, " "));
  std::string message = option.value + ":";
  switch (kind.from) {
    case ValueKind::From::words:
      if (kind.is_list) return message + "_values -s , " + option.value + " " + words;
      if (words.find('=') != std::string::npos) return message + "compadd -S \"\" -- " + words;
      return message + "(" + words + ")";
    case ValueKind::From::files:
    case ValueKind::From::scripts:
      return message + "_files";
    case ValueKind::From::processes:
      return message + "_pids";
    case ValueKind::From::users:
      return message + (kind.is_list ? "_sequence _users" : "_users");
    case ValueKind::From::commands:
      return message + "_cmdstring";
    case ValueKind::From::points:
      return message + "_socktap_points";
    case ValueKind::From::anything:
      return message;
  }
  return message;
}

// One for each name: "(-f --format)--format=[help]:message:action".
std::vector<std::string> specifications(const OptionModel& option) {
  std::vector<std::string> specifications;
  for (const std::string& name : option.names) {
    std::string text;
    if (option.repeats) {
      text = "*";
    } else if (option.names.size() > 1) {
      text = fmt::format("({})", fmt::join(option.names, " "));
    }
    text += name;
    if (!option.value.empty()) text += name.starts_with("--") ? "=" : "+";
    text += "[" + explained(option.help) + "]";
    if (!option.value.empty()) text += ":" + action(option);
    specifications.push_back(in_quotes(text));
  }
  return specifications;
}

std::string function_of(const CommandModel& command) {
  std::string text = fmt::format("_socktap_command_{}() {{\n  _arguments -s -S", command.name);
  for (const OptionModel& option : command.options)
    for (const std::string& each : specifications(option)) text += " \\\n    " + each;
  for (const OptionModel& operand : command.operands)
    text += " \\\n    " + in_quotes("*:" + action(operand));
  return text + "\n}\n\n";
}

}  // namespace

std::string zsh_functions() {
  std::string text;
  for (const CommandModel& command : command_models()) text += function_of(command);
  return text;
}

std::string zsh_commands() {
  std::vector<std::string> rows, starters;
  for (const CommandModel& command : command_models()) {
    rows.push_back("    " + in_quotes(command.name + ":" + command.summary) + "\n");
    if (command.takes_command) starters.push_back(command.name);
  }
  return fmt::format("  local -a subcommands=(\n{}  )\n", fmt::join(rows, "")) +
         fmt::format("  local default={}\n", command_models().front().name) +
         fmt::format("  local -a starters=({})\n", fmt::join(starters, " "));
}

}  // namespace socktap::manual
