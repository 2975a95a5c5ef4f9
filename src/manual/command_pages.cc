#include "manual/command_pages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "cli/stap_option_table.h"
#include "manual/command_model.h"
#include "manual/roff.h"
#include "session/limits.h"

namespace socktap::manual {
namespace {

std::string item(std::string_view head, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", head, text);
}

// "-f, --format text|json|csv"
std::string head_of(const OptionModel& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back(bold(name));
  std::string head = fmt::format("{}", fmt::join(names, ", "));
  if (option.value.empty()) return head;
  return head + (head.empty() ? "" : " ") + italics(option.value);
}

std::string synopsis_of(const CommandModel& command) {
  std::string text = bold("socktap " + command.name) + " [" + italics("options") + "]";
  for (const OptionModel& operand : command.operands) text += " [" + italics(operand.value) + "]";
  if (command.takes_command) text += " [" + bold("--") + " " + italics("CMD ARGS") + "]";
  return text;
}

std::string options_of(const CommandModel& command) {
  std::string text;
  for (const OptionModel& operand : command.operands)
    text += item(head_of(operand), escaped(operand.help));
  std::vector<std::string> groups{"Options"};
  for (const OptionModel& option : command.options)
    if (std::ranges::find(groups, option.group) == groups.end()) groups.push_back(option.group);
  for (const std::string& group : groups) {
    if (group != groups.front()) text += fmt::format(".PP\n{}:\n", escaped(group));
    for (const OptionModel& option : command.options)
      if (option.group == group && option.names.back() != "--help")
        text += item(head_of(option), escaped(option.help));
  }
  return text;
}

// Lines that blanks begin are examples, the others paragraphs.
std::string footer_of(const CommandModel& command) {
  std::istringstream lines(command.footer);
  std::string text, shown;
  bool begins_paragraph = true;
  const auto end_example = [&] {
    if (!shown.empty()) text += example(shown);
    shown.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  ")) {
      shown += line.substr(2) + "\n";
      continue;
    }
    end_example();
    if (!line.empty()) text += (begins_paragraph ? ".PP\n" : "") + escaped(line) + "\n";
    begins_paragraph = line.empty();
  }
  end_example();
  return text;
}

std::string stap_head(const cli::StapOption& row) {
  std::string head;
  if (row.letter != 0) head = bold(fmt::format("-{}", row.letter));
  if (*row.name != '\0') head += (head.empty() ? "" : ", ") + bold(fmt::format("--{}", row.name));
  if (row.value.empty()) return head;
  const bool is_optional = row.argument == cli::StapOption::Argument::optional;
  return head + (is_optional ? "[=" + italics(row.value) + "]" : " " + italics(row.value));
}

bool is_own_option(const cli::StapOption& row, const CommandModel& run) {
  for (const OptionModel& option : run.options)
    for (const std::string& name : option.names)
      if (name == row.spelling()) return true;
  return false;
}

}  // namespace

std::string command_sections() {
  std::string text;
  for (const CommandModel& command : command_models()) {
    text += fmt::format(".SS {}\n{}\n.PP\n{}\n", command.name, synopsis_of(command),
                        escaped(command.description));
    text += options_of(command) + footer_of(command);
  }
  return text;
}

std::string stap_option_list() {
  const CommandModel run = command_models().front();
  std::string text;
  std::vector<std::string> without_effect;
  for (const cli::StapOption& row : cli::stap_options()) {
    using Effect = cli::StapOption::Effect;
    if (row.effect == Effect::stap_only || is_own_option(row, run)) continue;
    if (row.effect == Effect::used) text += item(stap_head(row), escaped(row.text));
    if (row.effect == Effect::nothing) without_effect.push_back(stap_head(row));
  }
  return text +
         fmt::format(".PP\nTaken, but nothing is done: {}.\n", fmt::join(without_effect, ",\n"));
}

std::string limit_list() {
  const vm::Limits usual;
  std::string text;
  for (const session::LimitRow& row : session::limit_rows())
    text += item(bold(row.name) + fmt::format(" [{}]", usual.*row.member), escaped(row.help));
  return text;
}

}  // namespace socktap::manual
