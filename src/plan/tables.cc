#include "plan/tables.h"

#include <algorithm>
#include <cassert>
#include <functional>

namespace socktap::plan {

std::string_view name_of(Cell::Kind kind) {
  switch (kind) {
    case Cell::Kind::sum:
      return "sum";
    case Cell::Kind::statistic:
      return "statistic";
    case Cell::Kind::last:
      return "last value";
  }
  return "";
}

const Update* Tables::find_update(const language::Expr& statement) const {
  const auto found = std::ranges::lower_bound(updates, &statement, std::less(), &Update::statement);
  return found != updates.end() && found->statement == &statement ? &*found : nullptr;
}

const Lookup& Tables::lookup_of(const language::Expr& expression) const {
  const auto found =
      std::ranges::lower_bound(lookups, &expression, std::less(), &Lookup::expression);
  assert(found != lookups.end() && found->expression == &expression);
  return *found;
}

std::uint32_t Tables::constant_of(std::uint32_t global) const {
  const auto found = std::ranges::find(constants, global);
  assert(found != constants.end());
  return static_cast<std::uint32_t>(found - constants.begin());
}

std::optional<std::uint32_t> Tables::thread_array_of(std::uint32_t global) const {
  const auto found = std::ranges::find(thread_arrays, global, &ThreadArray::global);
  if (found == thread_arrays.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - thread_arrays.begin());
}

std::uint32_t Tables::index_of(std::string_view text) const {
  const auto found = std::ranges::find(texts, text);
  assert(found != texts.end());
  return static_cast<std::uint32_t>(found - texts.begin());
}

}  // namespace socktap::plan
