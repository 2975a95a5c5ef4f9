// Holds compiled code to what opcodes.def says of it. For tests: the compiler is right or it is
// wrong, no script can make the difference.
#pragma once

#include <string>
#include <vector>

#include "event/event.h"
#include "vm/code.h"

namespace socktap::vm {

// One line for each instruction with a register outside its frame, a jump out of its routine, or
// an index without entry in its side table.
std::vector<std::string> verify(const Code& code);

}  // namespace socktap::vm
