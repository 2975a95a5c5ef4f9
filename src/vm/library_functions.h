// One C++ function for each row of tapset/functions.def, by the row's id; library.cc makes a table
// of them. Each finds as many arguments as its row allows and leaves its result as library.h says.
#pragma once

#include "vm/library.h"

namespace socktap::vm::library {

#define SOCKTAP_FUNCTION(id, ...) void id(LibraryCall& call);
#include "tapset/functions.def"
#undef SOCKTAP_FUNCTION

}  // namespace socktap::vm::library
