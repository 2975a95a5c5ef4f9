// When a handler does anything: the conditions that it begins with. Where events arise they can be
// tested, and an event that no handler goes on with need not be sent.
#pragma once

#include <vector>

#include "language/typed_program.h"
#include "plan/kernel_expression.h"
#include "plan/note.h"

namespace socktap::plan {

// A condition, and what it must be for the handler to go on.
struct Conjunct {
  const language::Expr* condition;
  bool holds;
};

struct Filter {
  std::vector<Conjunct> conjuncts;  // in the script's order; none: every event is wanted
  std::vector<Note> notes;          // why the rest is tested in the machine
};

// Of a handler of tap points. Nothing that comes before the last of the conjuncts has an effect or
// can fail, so that a handler whose filter fails has done nothing. `scope`: of filters.
Filter leading_filter(const language::TypedProgram& program, const language::Handler& handler,
                      const KernelScope& scope);

}  // namespace socktap::plan
