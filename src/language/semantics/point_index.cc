#include "language/semantics/point_index.h"

#include <algorithm>

#include "language/semantics/trigger.h"

namespace socktap::language::semantics {

namespace {

// System calls are many: they are entered only if some point begins as theirs do.
bool may_mean_calls(const std::vector<ast::Point>& points) {
  return std::ranges::any_of(points, [](const ast::Point& point) {
    if (point.components.empty()) return false;
    const std::string& first = point.components.front().name;
    return matches(first, "syscall") || matches(first, "nd_syscall");
  });
}

bool may_mean_calls(const ast::Script& script) {
  const auto any = [](const auto& declarations) {
    return std::ranges::any_of(
        declarations, [](const auto& declaration) { return may_mean_calls(declaration.points); });
  };
  return any(script.probes) || any(script.aliases);
}

}  // namespace

PointIndex::PointIndex(const ast::Script& script, const ast::Alias& oneshot) {
  for (const std::string_view name : own_points_without_argument()) entry(name);
  for (const tapset::ProbePoint& point : tapset::probe_points()) entry(point.name).point = &point;
  if (may_mean_calls(script))
    for (const tapset::ProbePoint& point : tapset::call_points()) entry(point.name).point = &point;
  for (const ast::Alias& alias : script.aliases) entry(alias.name).aliases.push_back(&alias);
  if (entry(oneshot.name).aliases.empty()) entry(oneshot.name).aliases.push_back(&oneshot);

  for (const Entry& known : entries_) sorted_.push_back(&known);
  std::ranges::sort(sorted_, {}, &Entry::name);
}

PointIndex::Entry& PointIndex::entry(std::string_view name) {
  const auto [found, added] = by_name_.try_emplace(name, entries_.size());
  if (added) entries_.push_back({name, nullptr, {}});
  return entries_[found->second];
}

std::span<const PointIndex::Entry* const> PointIndex::beginning_with(
    std::string_view prefix) const {
  const auto beginning = [&](const Entry* entry) { return entry->name.substr(0, prefix.size()); };
  const auto first = std::ranges::lower_bound(sorted_, prefix, {}, beginning);
  const auto last = std::ranges::upper_bound(sorted_, prefix, {}, beginning);
  return {first, last};
}

std::size_t PointIndex::compared_with(std::string_view name) const {
  if (name.find('*') == std::string_view::npos) return 1;
  return beginning_with(literal_prefix(name)).size();
}

std::vector<const PointIndex::Entry*> PointIndex::find(std::string_view name) const {
  std::vector<const Entry*> found;
  if (name.find('*') == std::string_view::npos) {
    const auto exact = by_name_.find(name);
    if (exact != by_name_.end()) found.push_back(&entries_[exact->second]);
    return found;
  }
  for (const Entry* candidate : beginning_with(literal_prefix(name)))
    if (matches(name, candidate->name)) found.push_back(candidate);
  std::ranges::sort(found);  // by their places in `entries_`
  return found;
}

std::vector<std::string_view> PointIndex::names() const {
  std::vector<std::string_view> all;
  for (const Entry& known : entries_) all.push_back(known.name);
  for (const std::string_view name : own_points()) all.push_back(name);
  return all;
}

}  // namespace socktap::language::semantics
