// The library functions scripts may call: one table (functions.def) from which the checker, the
// machine, `list --functions` and the docs derive.
#pragma once

#include <span>
#include <string_view>

#include "tapset/field.h"
#include "tapset/type.h"

namespace socktap::tapset {

enum class Function : std::uint16_t {
#define SOCKTAP_FUNCTION(id, name, result, parameters, runs, needs, help) id,
#include "tapset/functions.def"
#undef SOCKTAP_FUNCTION
};

enum class Runs : std::uint8_t { anywhere, user };

struct FunctionRow {
  Function id;
  std::string_view name;
  Type result;
  std::string_view parameters;  // "sn|n", see functions.def; read through the accessors
  Runs runs;
  FieldSet needs;
  std::string_view help;

  std::size_t min_arguments() const;
  std::size_t max_arguments() const;
  Type parameter(std::size_t index) const;  // index < max_arguments()
};

std::span<const FunctionRow> functions();
// Those whose names begin with __ are for scripts that socktap writes itself: no list has them.
inline bool is_listed(const FunctionRow& function) { return !function.name.starts_with("__"); }
const FunctionRow* find_function(std::string_view name);  // nullptr if there is none
const FunctionRow& row(Function function);

// The title of those that it belongs to in the table: "Strings".
std::string_view group_of(Function function);

}  // namespace socktap::tapset
