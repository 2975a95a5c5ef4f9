#include <fmt/format.h>
#include <fmt/ranges.h>

#include "manual/command_model.h"
#include "manual/completions.h"
#include "manual/shell_text.h"
#include "manual/value_kinds.h"

namespace socktap::manual {
namespace {

// The call that proposes values.
std::string proposal(const OptionModel& option) {
  const ValueKind kind = kind_of(option);
  const std::string words = in_quotes(fmt::format("{}", fmt::join(kind.words, " ")));
  switch (kind.from) {
    case ValueKind::From::words:
      if (kind.is_list) return "_socktap_list " + words;
      return (words.find('=') == std::string::npos ? "_socktap_words " : "_socktap_names ") + words;
    case ValueKind::From::files:
    case ValueKind::From::scripts:
      return "_socktap_files";
    case ValueKind::From::processes:
      return "_socktap_processes";
    case ValueKind::From::users:
      return kind.is_list ? "_socktap_list \"$(compgen -u)\"" : "_socktap_words \"$(compgen -u)\"";
    case ValueKind::From::commands:
      return "_socktap_words \"$(compgen -c -- \"$current\")\"";
    case ValueKind::From::points:
      return "_socktap_points";
    case ValueKind::From::anything:
      return ":";
  }
  return ":";
}

std::string value_function(const std::vector<CommandModel>& commands) {
  std::string text =
      "# What follows an option; status 1 if it has no value.\n_socktap_value() {\n"
      "  case \"$1 $2\" in\n";
  for (const CommandModel& command : commands) {
    for (const OptionModel& option : command.options) {
      if (option.value.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names)
        patterns.push_back(in_quotes(command.name + " " + name));
      text += fmt::format("    {}) {} ;;\n", fmt::join(patterns, " | "), proposal(option));
    }
  }
  return text + "    *) return 1 ;;\n  esac\n}\n\n";
}

std::string option_function(const std::vector<CommandModel>& commands) {
  std::string text = "_socktap_options() {\n  case $1 in\n";
  for (const CommandModel& command : commands) {
    std::vector<std::string> names;
    for (const OptionModel& option : command.options)
      names.insert(names.end(), option.names.begin(), option.names.end());
    if (command.takes_command) names.emplace_back("--");
    text += fmt::format("    {}) _socktap_words {} ;;\n", command.name,
                        in_quotes(fmt::format("{}", fmt::join(names, " "))));
  }
  return text + "  esac\n}\n\n";
}

std::string operand_function(const std::vector<CommandModel>& commands) {
  std::string text = "_socktap_operands() {\n  case $1 in\n";
  for (const CommandModel& command : commands)
    for (const OptionModel& operand : command.operands)
      text += fmt::format("    {}) {} ;;\n", command.name, proposal(operand));
  return text + "  esac\n}\n\n";
}

}  // namespace

std::string bash_tables() {
  const std::vector<CommandModel> commands = command_models();
  std::vector<std::string> names, starters;
  for (const CommandModel& command : commands) {
    names.push_back(command.name);
    if (command.takes_command) starters.push_back(command.name);
  }
  return value_function(commands) + option_function(commands) + operand_function(commands) +
         fmt::format("_socktap_commands='{}'\n_socktap_default={}\n_socktap_starters='{}'\n",
                     fmt::join(names, " "), names.front(), fmt::join(starters, " "));
}

}  // namespace socktap::manual
