// The library functions as `list --functions` and `stap --dump-functions` print them.
#pragma once

#include "cli/output.h"

namespace socktap::cli {

void print_functions(Format format);  // in the order of the table, each with its help
void dump_functions();  // sorted; "abs:long (long)", as SystemTap but without the names

}  // namespace socktap::cli
