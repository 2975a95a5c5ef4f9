// The library functions as `list --functions` and `stap --dump-functions` print them.
#pragma once

namespace socktap::cli {

void print_functions();  // in the order of the table, each with its help
void dump_functions();   // sorted; "abs:long (long)", as SystemTap but without the names

}  // namespace socktap::cli
