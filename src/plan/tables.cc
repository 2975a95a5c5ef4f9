#include "plan/tables.h"

#include <algorithm>
#include <cassert>
#include <functional>

namespace socktap::plan {

const Update* Tables::find_update(const language::Expr& statement) const {
  const auto found = std::ranges::lower_bound(updates, &statement, std::less(), &Update::statement);
  return found != updates.end() && found->statement == &statement ? &*found : nullptr;
}

std::uint32_t Tables::index_of(std::string_view text) const {
  const auto found = std::ranges::find(texts, text);
  assert(found != texts.end());
  return static_cast<std::uint32_t>(found - texts.begin());
}

}  // namespace socktap::plan
