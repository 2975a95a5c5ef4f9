// From a typed program to the machine's code. Cannot fail: what could, the checker has refused.
#pragma once

#include "language/typed_program.h"
#include "vm/code.h"

namespace socktap::vm {

Code compile(const language::TypedProgram& program);

// The code as `explain --dump=code` prints it: one instruction a line, with its operands' names.
std::string disassemble(const Code& code);

}  // namespace socktap::vm
