// The types of everything whose type has to be found out, as sets of variables that are known to
// have the same one (union-find). A set's type is decided once, at a place that is remembered, so
// that a conflict can name both places. No fixed point is needed: every rule of the language either
// makes two types the same or names one, and order does not matter.
#pragma once

#include <cstdint>
#include <vector>

#include "base/source_map.h"
#include "tapset/type.h"

namespace socktap::language::semantics {

using TypeVariable = std::uint32_t;

// The type of an expression: one that is known, a variable, or (neither) one that is not to be
// asked about, because what it belongs to has been reported as wrong.
struct Term {
  static constexpr TypeVariable no_variable = UINT32_MAX;

  Type type = Type::none;
  TypeVariable variable = no_variable;

  static Term known(Type type) { return {type, no_variable}; }
  static Term of(TypeVariable variable) { return {Type::none, variable}; }
  static Term wrong() { return {}; }
  bool is_variable() const { return variable != no_variable; }
};

class TypeTable {
 public:
  TypeVariable fresh();

  Type type_of(Term term) const;  // none while undecided, or wrong
  bool is_wrong(Term term) const;
  Span decided_at(TypeVariable variable) const;

  // Makes both the same, on account of what is written at `where`. False if they are known to
  // differ: the caller reports that, once, because the variables among them are wrong from then on.
  bool unify(Term a, Term b, Span where);

  void mark_wrong(Term term);

  // Undecided sets become numbers.
  Type type_or_number(TypeVariable variable) const;

 private:
  struct Entry {
    TypeVariable parent;
    std::uint32_t size = 1;
    Type type = Type::none;
    bool wrong = false;
    Span decided_at;
  };

  TypeVariable root(TypeVariable variable) const;
  bool decide(TypeVariable variable, Type type, Span where);
  bool merge(TypeVariable a, TypeVariable b);

  mutable std::vector<Entry> entries_;  // mutable: looking up shortens paths
};

}  // namespace socktap::language::semantics
