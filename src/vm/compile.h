// From a typed program to the machine's code. Cannot fail: what could, the checker has refused.
#pragma once

#include "base/diagnostic.h"
#include "language/typed_program.h"
#include "vm/code.h"

namespace socktap::vm {

Code compile(const language::TypedProgram& program);

// The regular expressions that cannot be used, as the script's mistakes. The language's front does
// not know the engine of regular expressions, so this is asked between compiling and running.
Diagnostics check_patterns(const Code& code);

// The code as `explain --dump=code` prints it: one instruction a line, with its operands' names.
std::string disassemble(const Code& code);

}  // namespace socktap::vm
