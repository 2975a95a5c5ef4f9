#include "manual/command_model.h"

#include "cli/arguments.h"
#include "cli/command.h"

namespace socktap::manual {
namespace {

OptionModel model_of(const CLI::Option& option) {
  OptionModel model{.value = cli::value_name(option),
                    .help = option.get_description(),
                    .group = option.get_group(),
                    .repeats = option.get_items_expected_max() > 1};
  for (const std::string& name : option.get_snames()) model.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) model.names.push_back("--" + name);
  return model;
}

CommandModel model_of(const cli::Command& command) {
  const auto line = command.line();
  CommandModel model{.name = std::string(command.name),
                     .summary = std::string(command.help),
                     .description = line->app.get_description(),
                     .takes_command = line->takes_command,
                     .footer = line->app.get_footer()};
  for (const CLI::Option* option : line->app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? model.operands : model.options).push_back(model_of(*option));
  }
  return model;
}

}  // namespace

std::vector<CommandModel> command_models() {
  std::vector<CommandModel> models;
  for (const cli::Command& command : cli::commands()) models.push_back(model_of(command));
  return models;
}

}  // namespace socktap::manual
