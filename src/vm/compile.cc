#include "vm/compile.h"

#include <array>
#include <variant>

#include "vm/routine_compiler.h"

namespace socktap::vm {
namespace {

// Gives every global a slot among those of its kind.
std::vector<GlobalSlot> number_globals(const std::vector<language::Global>& globals) {
  std::vector<GlobalSlot> slots;
  slots.reserve(globals.size());
  std::uint32_t arrays = 0;
  std::array<std::uint32_t, 4> scalars{};
  for (const language::Global& global : globals) {
    slots.push_back(
        {global, global.is_array() ? arrays++ : scalars[static_cast<std::size_t>(global.type)]++});
  }
  return slots;
}

std::string name_of(const language::Handler& handler) {
  std::string name = "probe";
  for (const language::Point& point : handler.points) {
    name += (&point == &handler.points.front() ? " " : ", ") + point.text;
  }
  return name;
}

}  // namespace

Code compile(const language::TypedProgram& program) {
  Code code;
  code.globals = number_globals(program.globals);
  for (const language::Function& function : program.functions) {
    Routine routine;
    routine.name = "function " + function.name;
    routine.declared = {0, FaultSite::Kind::identifier, function.name, function.span};
    RoutineCompiler(program, code, routine, function.locals).function(function);
    code.functions.push_back(std::move(routine));
  }
  for (const language::Handler& handler : program.handlers) {
    Routine routine;
    routine.name = name_of(handler);
    RoutineCompiler(program, code, routine, handler.locals).handler(handler);
    code.handlers.push_back(std::move(routine));
  }
  return code;
}

}  // namespace socktap::vm
