// What is known about a condition before anything runs: @defined and @probewrite ask about the
// script itself. The branch that is not taken is not checked, so that a script may hold variants
// for systems that offer different things.
#pragma once

#include <optional>

#include "language/ast.h"
#include "language/semantics/symbols.h"
#include "language/semantics/unit.h"

namespace socktap::language::semantics {

// Folds what is made of @defined, @probewrite, !, && and ||; nullopt for everything else.
std::optional<bool> fold(const ast::Expr& expression, const Unit& unit, const Symbols& symbols);

// @defined(expression): whether reading it means something here.
bool is_defined(const ast::Expr& expression, const Unit& unit, const Symbols& symbols);

// @probewrite(name): whether the handler that uses an alias assigns to the name.
bool fold_probewrite(const ast::Expr& expression, const Unit& unit);

}  // namespace socktap::language::semantics
