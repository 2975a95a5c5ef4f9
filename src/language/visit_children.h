// What walkers of a tree share, of the one that was parsed and of the one that is typed: a node
// names its children in the order of the text, and those that are there are visited.
#pragma once

#include <memory>
#include <vector>

namespace socktap::language {

template <typename Visit, typename Node>
void visit_child(Visit& visit, const std::unique_ptr<Node>& child) {
  if (child) visit(*child);
}

template <typename Visit, typename Node>
void visit_child(Visit& visit, const std::vector<std::unique_ptr<Node>>& children) {
  for (const std::unique_ptr<Node>& child : children) visit_child(visit, child);
}

template <typename Visit, typename... Children>
void visit_children(Visit& visit, const Children&... children) {
  (visit_child(visit, children), ...);
}

}  // namespace socktap::language
