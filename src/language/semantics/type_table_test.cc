#include "language/semantics/type_table.h"

#include <gtest/gtest.h>

namespace socktap::language::semantics {
namespace {

constexpr Span first{0, 1, 2};
constexpr Span second{0, 5, 6};

TEST(TypeTable, DecidesOnceAndRemembersWhere) {
  TypeTable types;
  const Term x = Term::of(types.fresh());
  EXPECT_EQ(types.type_of(x), Type::none);
  EXPECT_TRUE(types.unify(x, Term::known(Type::string), first));
  EXPECT_TRUE(types.unify(x, Term::known(Type::string), second));
  EXPECT_EQ(types.type_of(x), Type::string);
  EXPECT_EQ(types.decided_at(x.variable), first);
  EXPECT_FALSE(types.unify(x, Term::known(Type::number), second));
}

TEST(TypeTable, WhatIsJoinedIsDecidedTogether) {
  TypeTable types;
  const Term a = Term::of(types.fresh());
  const Term b = Term::of(types.fresh());
  const Term c = Term::of(types.fresh());
  EXPECT_TRUE(types.unify(a, b, first));
  EXPECT_TRUE(types.unify(c, b, first));
  EXPECT_TRUE(types.unify(c, Term::known(Type::number), second));
  EXPECT_EQ(types.type_of(a), Type::number);
  EXPECT_EQ(types.decided_at(a.variable), second);
}

TEST(TypeTable, DecidedSetsDoNotJoin) {
  TypeTable types;
  const Term a = Term::of(types.fresh());
  const Term b = Term::of(types.fresh());
  types.unify(a, Term::known(Type::number), first);
  types.unify(b, Term::known(Type::string), second);
  EXPECT_FALSE(types.unify(a, b, second));
  EXPECT_EQ(types.type_of(a), Type::number);
  EXPECT_EQ(types.type_of(b), Type::string);
}

TEST(TypeTable, WhatIsWrongConflictsWithNothing) {
  TypeTable types;
  const Term a = Term::of(types.fresh());
  const Term b = Term::of(types.fresh());
  types.unify(a, Term::known(Type::number), first);
  types.mark_wrong(a);
  EXPECT_TRUE(types.unify(a, Term::known(Type::string), second));
  EXPECT_TRUE(types.unify(b, Term::wrong(), second));
  EXPECT_TRUE(types.is_wrong(b)) << "an undecided variable takes over that it is not asked about";
  EXPECT_TRUE(types.is_wrong(Term::wrong()));
  EXPECT_FALSE(types.is_wrong(Term::known(Type::string)));
}

TEST(TypeTable, UndecidedBecomesNumber) {
  TypeTable types;
  const TypeVariable a = types.fresh();
  EXPECT_EQ(types.type_or_number(a), Type::number);
  types.unify(Term::of(a), Term::known(Type::stats), first);
  EXPECT_EQ(types.type_or_number(a), Type::stats);
}

}  // namespace
}  // namespace socktap::language::semantics
