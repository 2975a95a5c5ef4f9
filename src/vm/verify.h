// Holds compiled code to what opcodes.def says of it. For tests: the compiler is right or it is
// wrong, no script can make the difference.
#pragma once

#include <string>
#include <vector>

#include "event/event.h"
#include "vm/code.h"

namespace socktap::vm {

// A line for each instruction with a register outside its frame, a jump out of its routine, a slot
// that its kind of globals does not have, an index without entry in its side table, or operands of
// other types than its array, function or format takes.
std::vector<std::string> verify(const Code& code);

}  // namespace socktap::vm
