// What can be computed where events arise: numbers made of constants, target() and the event's own
// fields, by operations that cannot fail and give the same there as in the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "language/typed_program.h"
#include "plan/settled.h"
#include "plan/tables.h"

namespace socktap::plan {

// How many values an expression may need at the same time.
inline constexpr int most_values_at_once = 5;

// Whether the handler's locals have their values there.
enum class Locals : std::uint8_t { unknown, known };

// What an expression may read there besides the event.
struct KernelScope {
  Locals locals = Locals::unknown;
  SettledGlobals settled = {};  // empty: no global
};

// Why the value cannot be computed there, at some point of the handler that the expression is of;
// nullopt: it can. As people read it: "it reads the global n".
std::optional<std::string> why_not_in_kernel(const language::TypedProgram& program,
                                             const language::Handler& handler,
                                             const language::Expr& expression,
                                             const KernelScope& scope);

// How the value, a text perhaps, is kept there; or why it cannot be.
tl::expected<Kept, std::string> how_kept(const language::TypedProgram& program,
                                         const language::Handler& handler,
                                         const language::Expr& expression,
                                         const KernelScope& scope);

// What the expression, which is kept as known_text, is at the point; all that it is at those of the
// handler are added to the tables' texts.
std::string_view known_text(const language::Expr& expression, const tapset::ProbePoint& point);
void intern_texts(const language::Handler& handler, const language::Expr& expression,
                  Tables& tables);

}  // namespace socktap::plan
