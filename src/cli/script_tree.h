// What the command line does to a script's tree before it is checked.
#pragma once

#include "language/ast.h"

namespace socktap::cli {

// -E: the declarations of `more` follow those of `script`.
void append(language::ast::Script& script, language::ast::Script more);

}  // namespace socktap::cli
