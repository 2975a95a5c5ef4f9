// How operators are written: for dumps and diagnostics.
#pragma once

#include <string_view>

#include "language/ast.h"

namespace socktap::language::ast {

std::string_view spelling(UnaryOp op);
std::string_view spelling(BinaryOp op);
std::string_view spelling(AssignOp op);

}  // namespace socktap::language::ast
