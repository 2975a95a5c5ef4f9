// What can be computed where events arise: numbers made of constants, target() and the event's own
// fields, and of what a KernelScope has besides, by operations that cannot fail and give the same
// there as in the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "language/typed_program.h"
#include "plan/settled.h"
#include "plan/tables.h"
#include "plan/threads.h"

namespace socktap::plan {

// How many values an expression may need at the same time.
inline constexpr int most_values_at_once = 5;

// What an expression is part of: a filter, or a handler that runs there whole, which has its locals
// and can ask for the time.
enum class Part : std::uint8_t { filter, handler };

// What an expression may read there besides the event.
struct KernelScope {
  Part part = Part::filter;
  SettledGlobals settled = {};                      // empty: no global
  ThreadArrays threads = {};                        // as that; only for handlers
  std::int64_t undeclared_entries = usual_entries;  // of an array that declares no size

  bool is_of_threads(std::uint32_t global) const { return !threads.empty() && threads[global]; }
  std::int64_t entries_of(const language::Global& array) const {
    return array.max_entries.value_or(undeclared_entries);
  }
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

// Why a thread's element of such a key cannot be looked for there.
std::optional<std::string> why_no_own_key(const language::TypedProgram& program,
                                          const language::Handler& handler,
                                          const std::vector<language::ExprPtr>& keys,
                                          const KernelScope& scope);

// What the expression, which is kept as known_text, is at the point; all that it is at those of the
// handler are added to the tables' texts.
std::string_view known_text(const language::Expr& expression, const tapset::ProbePoint& point);
void intern_texts(const language::Handler& handler, const language::Expr& expression,
                  Tables& tables);

}  // namespace socktap::plan
