// What the command line does to a script's tree before it is checked.
#pragma once

#include "language/ast.h"

namespace socktap::cli {

// --suppress-handler-errors: every handler's body becomes `try { body } catch { next }`.
void suppress_errors(language::ast::Script& script);

}  // namespace socktap::cli
