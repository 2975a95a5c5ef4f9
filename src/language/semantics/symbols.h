// What the names of a script stand for: its globals and functions. Filled while types are inferred,
// only read afterwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "language/ast.h"
#include "language/semantics/reporter.h"
#include "language/semantics/type_table.h"
#include "language/typed_program.h"

namespace socktap::language::semantics {

struct GlobalSymbol {
  const ast::Global* declaration = nullptr;
  TypeVariable value = 0;

  // How many keys it has, and where that was seen first. Not known until it is used.
  std::optional<std::size_t> arity;
  Span arity_at;
  bool arity_is_wrong = false;  // reported
  std::vector<TypeVariable> keys;

  Histogram histogram;
  Span histogram_at;
  std::optional<std::int64_t> variance_shift;  // present when @variance is asked

  std::optional<std::string> override_value;  // -G
  std::int64_t override_number = 0;           // the same, of a number

  bool is_read = false;  // or deleted
  bool is_written = false;
  bool is_used = false;                    // mentioned by anything that runs
  std::optional<std::uint32_t> first_use;  // counts accesses: handlers first, then what they call
  Span first_read;
};

struct FunctionSymbol {
  const ast::Function* declaration = nullptr;
  std::vector<TypeVariable> parameters;
  TypeVariable result = 0;
  bool returns_value = false;
  bool is_called = false;
  std::optional<std::uint32_t> overload;  // where `next` goes on

  // For the rule that an array is not modified while it is iterated.
  std::vector<std::uint32_t> callees;
  std::vector<std::uint32_t> modified_globals;
};

// Functions of one name that a call cannot tell apart: `next` goes from one to the next.
struct OverloadSet {
  std::vector<std::uint32_t> functions;  // in the order they are tried
  std::size_t arity = 0;
};

struct Symbols {
  std::vector<GlobalSymbol> globals;
  std::unordered_map<std::string_view, std::uint32_t> global_by_name;
  std::vector<FunctionSymbol> functions;
  std::unordered_map<std::string_view, std::vector<OverloadSet>> functions_by_name;
  // The prelude's globals, which are declared when they are used first.
  std::vector<std::string_view> offered;
  // What stands for @entry(...), see entry_values.h; null if it was reported.
  std::unordered_map<const ast::AtOperator*, const ast::Expr*> entry_values;

  bool is_offered(std::string_view name) const;
  std::vector<std::string_view> global_names() const;
  std::vector<std::string_view> function_names() const;
};

// One of the prelude's. What has no initial value is an array of strings by number.
std::uint32_t declare_library_global(const ast::Global& global, Symbols& symbols, TypeTable& types);

// Enters every declaration; reports those that contradict each other.
Symbols declare_symbols(const ast::Script& script, TypeTable& types, Reporter& reporter);

}  // namespace socktap::language::semantics
