// All that a handler may run: its condition, its body and the functions that it calls.
#pragma once

#include <cstdint>
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

enum class GlobalUse : std::uint8_t { read, write };

// The globals that they name; deleting is writing.
void visit_globals(const language::TypedProgram& program, const language::Handler& handler,
                   const std::function<void(std::uint32_t global, GlobalUse use)>& visit);

}  // namespace socktap::plan
