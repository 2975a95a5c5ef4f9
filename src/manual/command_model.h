// What the command table says of each command, apart from how it is parsed: what the man page and
// the completions are made of.
#pragma once

#include <string>
#include <vector>

namespace socktap::manual {

struct OptionModel {
  std::vector<std::string> names;  // "-f", "--format"; none for what is no option: FILE ARGS
  std::string value;               // as help calls it; empty if it takes none
  std::string help;
  std::string group;     // the heading in help
  bool repeats = false;  // each time with another value
};

struct CommandModel {
  std::string name;
  std::string summary;  // its line in `socktap --help`
  std::string description;
  std::vector<OptionModel> options;
  std::vector<OptionModel> operands;
  bool takes_command = false;  // after --
  std::string footer;          // below the options: remarks and examples
};

// In the order of the table. Options that help does not show are left out.
std::vector<CommandModel> command_models();

}  // namespace socktap::manual
