#include "plan/settled.h"

#include <algorithm>

#include "plan/reach.h"

namespace socktap::plan {

bool only_begins(const language::Handler& handler) {
  return std::ranges::all_of(handler.points, [](const language::Point& point) {
    return std::holds_alternative<language::Begin>(point.trigger) ||
           std::holds_alternative<language::Never>(point.trigger);
  });
}

SettledGlobals settled_globals(const language::TypedProgram& program) {
  SettledGlobals settled(program.globals.size(), true);
  for (std::size_t i = 0; i < settled.size(); ++i) {
    const language::Global& global = program.globals[i];
    if (global.type == Type::stats || (!global.is_array() && global.type != Type::number))
      settled[i] = false;
  }
  for (const language::Handler& handler : program.handlers)
    if (!only_begins(handler))
      visit_globals(program, handler, [&settled](std::uint32_t global, GlobalUse use) {
        if (use == GlobalUse::write) settled[global] = false;
      });
  return settled;
}

}  // namespace socktap::plan
