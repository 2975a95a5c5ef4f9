#include "language/semantics/type_table.h"

#include <utility>

namespace socktap::language::semantics {

TypeVariable TypeTable::fresh() {
  const auto variable = static_cast<TypeVariable>(entries_.size());
  entries_.push_back({variable});
  return variable;
}

TypeVariable TypeTable::root(TypeVariable variable) const {
  while (entries_[variable].parent != variable) {
    TypeVariable& parent = entries_[variable].parent;
    parent = entries_[parent].parent;
    variable = parent;
  }
  return variable;
}

Type TypeTable::type_of(Term term) const {
  return term.is_variable() ? entries_[root(term.variable)].type : term.type;
}

bool TypeTable::is_wrong(Term term) const {
  return term.is_variable() ? entries_[root(term.variable)].wrong : term.type == Type::none;
}

Span TypeTable::decided_at(TypeVariable variable) const {
  return entries_[root(variable)].decided_at;
}

void TypeTable::mark_wrong(Term term) {
  if (term.is_variable()) entries_[root(term.variable)].wrong = true;
}

Type TypeTable::type_or_number(TypeVariable variable) const {
  const Type type = entries_[root(variable)].type;
  return type == Type::none ? Type::number : type;
}

bool TypeTable::unify(Term a, Term b, Span where) {
  if (is_wrong(a) || is_wrong(b)) {
    if (type_of(a) == Type::none) mark_wrong(a);
    if (type_of(b) == Type::none) mark_wrong(b);
    return true;
  }
  if (a.is_variable() && b.is_variable()) return merge(a.variable, b.variable);
  if (a.is_variable()) return decide(a.variable, b.type, where);
  if (b.is_variable()) return decide(b.variable, a.type, where);
  return a.type == b.type;
}

bool TypeTable::decide(TypeVariable variable, Type type, Span where) {
  Entry& entry = entries_[root(variable)];
  if (entry.type == Type::none) {
    entry.type = type;
    entry.decided_at = where;
  }
  return entry.type == type;
}

bool TypeTable::merge(TypeVariable a, TypeVariable b) {
  a = root(a);
  b = root(b);
  if (a == b) return true;
  if (entries_[a].size < entries_[b].size) std::swap(a, b);
  Entry& into = entries_[a];
  Entry& from = entries_[b];
  if (into.type != Type::none && from.type != Type::none && into.type != from.type) return false;
  if (into.type == Type::none) {
    into.type = from.type;
    into.decided_at = from.decided_at;
  }
  into.size += from.size;
  from.parent = a;
  return true;
}

}  // namespace socktap::language::semantics
