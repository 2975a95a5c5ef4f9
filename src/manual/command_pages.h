// The tables of socktap(1) and socktap-scripts(5), in roff.
#pragma once

#include <string>

namespace socktap::manual {

std::string command_sections();  // a subsection for each command
std::string stap_option_list();  // what `run` takes beside its own
std::string limit_list();

}  // namespace socktap::manual
