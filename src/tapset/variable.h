// The variables of probe points: one list of names and types.
#pragma once

#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

#include "tapset/enum_set.h"
#include "tapset/type.h"

namespace socktap::tapset {

enum class Variable : std::uint16_t {
#define SOCKTAP_VARIABLE(name, type, help) name,
#include "tapset/call_variables.def"
#include "tapset/variables.def"
#undef SOCKTAP_VARIABLE
  none,  // of what has no name
};
inline constexpr int variable_count = static_cast<int>(Variable::none);
using VariableSet = EnumSet<Variable, variable_count>;

struct VariableRow {
  Variable id;
  std::string_view name;
  Type type;
  std::string_view help;
};

std::span<const VariableRow> variables();
const VariableRow& row(Variable variable);                // not of none
const VariableRow* find_variable(std::string_view name);  // nullptr if there is none

}  // namespace socktap::tapset
