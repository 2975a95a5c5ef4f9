#include "tapset/variable.h"

#include <array>
#include <unordered_map>

namespace socktap::tapset {
namespace {

constexpr std::array<VariableRow, variable_count> rows{{
#define SOCKTAP_VARIABLE(name, type, help) {Variable::name, #name, Type::type, help},
#include "tapset/call_variables.def"
#include "tapset/variables.def"
#undef SOCKTAP_VARIABLE
}};

}  // namespace

std::span<const VariableRow> variables() { return rows; }

const VariableRow& row(Variable variable) { return rows[static_cast<std::size_t>(variable)]; }

const VariableRow* find_variable(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, const VariableRow*> known;
    known.reserve(rows.size());
    for (const VariableRow& row : rows) known.emplace(row.name, &row);
    return known;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

}  // namespace socktap::tapset
