// Every probe point that a script can name: the catalogue's, the run's own, its aliases.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "language/ast.h"
#include "language/semantics/point_name.h"
#include "tapset/catalogue.h"

namespace socktap::language::semantics {

class PointIndex {
 public:
  struct Entry {
    std::string_view name;
    const tapset::ProbePoint* point = nullptr;  // of the catalogue
    std::vector<const ast::Alias*> aliases;     // several may share a name; all of them count
  };

  // `oneshot` counts unless the script has an alias of that name.
  PointIndex(const ast::Script& script, const ast::Alias& oneshot);
  PointIndex(const PointIndex&) = delete;
  PointIndex& operator=(const PointIndex&) = delete;

  // The entries a dotted name (or pattern) means. Points of the run's own that need no argument
  // are among them, with neither point nor aliases.
  std::vector<const Entry*> find(std::string_view name) const;

  // How many names it takes to find them.
  std::size_t compared_with(std::string_view name) const;

  std::vector<std::string_view> names() const;  // what a hint may offer

 private:
  Entry& entry(std::string_view name);

  std::span<const Entry* const> beginning_with(std::string_view prefix) const;

  std::vector<Entry> entries_;  // in the order of the catalogue, then of the script
  std::vector<const Entry*> sorted_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
};

}  // namespace socktap::language::semantics
