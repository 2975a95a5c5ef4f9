// What can be computed where events arise: numbers made of constants, target() and the event's own
// fields, by operations that cannot fail and give the same there as in the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "language/typed_program.h"

namespace socktap::plan {

// How many values an expression may need at the same time.
inline constexpr int most_values_at_once = 5;

// Whether the handler's locals have their values there.
enum class Locals : std::uint8_t { unknown, known };

// Why the value cannot be computed there, at some point of the handler that the expression is of;
// nullopt: it can. As people read it: "it reads the global n".
std::optional<std::string> why_not_in_kernel(const language::TypedProgram& program,
                                             const language::Handler& handler,
                                             const language::Expr& expression,
                                             Locals locals = Locals::unknown);

}  // namespace socktap::plan
