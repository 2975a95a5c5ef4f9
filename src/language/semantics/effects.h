// What running an expression changes beside its value.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "language/typed_program.h"
#include "tapset/functions.h"

namespace socktap::language::semantics {

// Whether a call changes something or prints, or gives another value the next time.
bool has_effect(tapset::Function function);

// The overload that a `next` in the function's body goes on with, if there is one.
std::optional<std::uint32_t> falls_through_to(const Function& function);

class Effects {
 public:
  explicit Effects(const TypedProgram& program);

  // Whether it assigns, prints or calls what does; seen from within its handler or function, so
  // that assignments to locals count. Run-time errors do not.
  bool of(const Expr& expression) const;
  bool of(const ExprPtr& expression) const { return expression && of(*expression); }

  // Whether a call of it changes anything outside of it.
  bool of_function(std::uint32_t function) const { return of_functions_[function]; }

  // Its body is another one than at the beginning, and those of what it calls are final.
  void update(const TypedProgram& program, std::uint32_t function);

 private:
  bool of_call(const Expr& expression) const;
  bool outside(const Stmt& body) const;

  std::vector<bool> of_functions_;
};

}  // namespace socktap::language::semantics
