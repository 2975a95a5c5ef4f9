#include <fmt/format.h>
#include <fmt/ranges.h>

#include "manual/command_model.h"
#include "manual/completions.h"
#include "manual/shell_text.h"
#include "manual/value_kinds.h"

namespace socktap::manual {
namespace {

// Options of `complete` that say what the value is.
std::string value_options(const OptionModel& option) {
  const ValueKind kind = kind_of(option);
  const std::string words = fmt::format("{}", fmt::join(kind.words, " "));
  const auto list = [](const std::string& lines) {
    return " -x -a " +
           in_quotes_of_fish("(__fish_complete_list , " + in_quotes_of_fish(lines) + ")");
  };
  switch (kind.from) {
    case ValueKind::From::words:
      if (kind.is_list) return list("string split ' ' '" + words + "'");
      return " -x -a " + in_quotes_of_fish(words);
    case ValueKind::From::files:
    case ValueKind::From::scripts:
      return " -r -F";
    case ValueKind::From::processes:
      return " -x -a '(__fish_complete_pids)'";
    case ValueKind::From::users:
      return kind.is_list ? list("__fish_complete_users") : " -x -a '(__fish_complete_users)'";
    case ValueKind::From::commands:
      return " -x -a '(__fish_complete_command)'";
    case ValueKind::From::points:
      return " -x -a '(__socktap_points)'";
    case ValueKind::From::anything:
      return " -x";
  }
  return "";
}

std::string lines_of(const CommandModel& command) {
  std::string text;
  for (const OptionModel& option : command.options) {
    std::string names;
    for (const std::string& name : option.names)
      names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    text += fmt::format("complete -c socktap -n '__socktap_is {}'{}{} -d {}\n", command.name, names,
                        option.value.empty() ? "" : value_options(option),
                        in_quotes_of_fish(option.help));
  }
  for (const OptionModel& operand : command.operands)
    if (kind_of(operand).from == ValueKind::From::scripts)
      text += fmt::format("complete -c socktap -n '__socktap_is {}' -k -a {}\n", command.name,
                          "'(__fish_complete_suffix .stp)'");
  return text;
}

}  // namespace

std::string fish_tables() {
  const std::vector<CommandModel> commands = command_models();
  std::vector<std::string> names;
  std::string text;
  for (const CommandModel& command : commands) {
    names.push_back(command.name);
    text += fmt::format("complete -c socktap -n __fish_use_subcommand -a {} -d {}\n", command.name,
                        in_quotes_of_fish(command.summary));
  }
  for (const CommandModel& command : commands) text += lines_of(command);
  return fmt::format("set -g __socktap_commands {}\n", fmt::join(names, " ")) + text;
}

}  // namespace socktap::manual
