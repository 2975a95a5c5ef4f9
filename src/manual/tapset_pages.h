// The tables of socktap-probes(5), in roff.
#pragma once

#include <string>

namespace socktap::manual {

std::string point_list();         // but for system calls
std::string variable_list();      // of those points
std::string function_sections();  // a subsection for each group
std::string call_list();          // syscall.*, each with its variables

}  // namespace socktap::manual
