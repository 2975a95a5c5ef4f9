// The pieces that the dump of expressions and the dump of the whole tree share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "language/ast.h"

namespace socktap::language::ast {

// "a, b, *"
std::string dump_list(const std::vector<ExprPtr>& expressions);

// "? if ((a == 1))" behind a point's text.
std::string dump_marks(const Point& point);

}  // namespace socktap::language::ast
