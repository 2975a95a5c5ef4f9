// All that a handler may run: its condition, its body and the functions that it calls.
#pragma once

#include <functional>

#include "language/typed_program.h"

namespace socktap::plan {

struct ReachVisitor {
  std::function<void(const language::Stmt&)> statement = [](const language::Stmt&) {};
  std::function<void(const language::Expr&)> expression = [](const language::Expr&) {};
};

// Every statement and every expression once, parents before children.
void visit_reached(const language::TypedProgram& program, const language::Handler& handler,
                   const ReachVisitor& visitor);

// The same, each with the globals that it names: an expression or a statement may name one.
void visit_globals(const language::TypedProgram& program, const language::Handler& handler,
                   const std::function<void(std::uint32_t global)>& visit);

}  // namespace socktap::plan
