// What every script finds declared, as under SystemTap: the globals argc, argv and argv_1 to
// argv_32, which hold the script's arguments, and the probe point oneshot, which runs a handler and
// exits.
#pragma once

#include <string_view>
#include <vector>

#include "language/ast.h"
#include "language/language.h"
#include "language/semantics/probe_expansion.h"

namespace socktap::language::semantics {

class Prelude {
 public:
  explicit Prelude(const Invocation& invocation);

  std::vector<std::string_view> global_names() const;
  const ast::Global* find_global(std::string_view name) const;  // null if it is none of ours
  const ast::Alias& oneshot() const { return script_.aliases[0]; }

  // The handler that fills argv before any other begins. Its draft points into the prelude.
  HandlerDraft argument_handler() const;

 private:
  ast::Script script_;
};

}  // namespace socktap::language::semantics
