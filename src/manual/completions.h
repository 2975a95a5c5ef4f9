// What is made for the completions of shells: completions/ has the rest.
#pragma once

#include <string>

namespace socktap::manual {

// Functions that propose values, options and operands, and the names of commands.
std::string bash_tables();

// A function for each command; lines of the function that calls them.
std::string zsh_functions();
std::string zsh_commands();

// A call of `complete` for each command and option.
std::string fish_tables();

}  // namespace socktap::manual
