#include "sources/ebpf/selection.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace socktap::sources::ebpf {
namespace {

TEST(Selection, BeginsWithTheBest) {
  const Selection selection({Aspect::messages, Aspect::closes}, {});
  ASSERT_EQ(selection.chosen().size(), 2u);
  EXPECT_EQ(selection.chosen()[0]->name, "typed-tracepoints");
  EXPECT_TRUE(selection.refusals(Aspect::messages).empty());
  EXPECT_EQ(selection.chosen(Aspect::creates), nullptr);
}

TEST(Selection, BeginsWithAnotherWhereProgramsOfTracepointsArePreempted) {
  const Selection selection({Aspect::messages}, {}, std::nullopt, {.tracepoints = true});
  ASSERT_EQ(selection.chosen().size(), 1u);
  EXPECT_EQ(selection.chosen()[0]->name, "tracepoint-probes");
}

TEST(Selection, PutsPreemptedHooksBehindKprobes) {
  const std::vector<std::string> tracepoints = {"typed-tracepoints", "raw-tracepoints"};
  Selection usual({Aspect::messages}, tracepoints);
  EXPECT_EQ(usual.chosen()[0]->name, "function-hooks");
  Selection preempted({Aspect::messages}, tracepoints, std::nullopt, {.hooks = true});
  std::vector<std::string_view> order;
  while (const Strategy* strategy = preempted.chosen(Aspect::messages)) {
    order.push_back(strategy->name);
    preempted.refuse(*strategy, "", "");
  }
  EXPECT_EQ(order,
            (std::vector<std::string_view>{"function-probes", "function-hooks", "message-calls"}));
}

TEST(Selection, LeavesOutWhatIsDisabledAndSaysSo) {
  const Selection selection({Aspect::messages}, {"typed-tracepoints"});
  ASSERT_EQ(selection.refusals(Aspect::messages).size(), 1u);
  EXPECT_EQ(selection.refusals(Aspect::messages)[0].strategy, "typed-tracepoints");
  ASSERT_NE(selection.chosen(Aspect::messages), nullptr);
  EXPECT_EQ(selection.chosen(Aspect::messages)->name, "raw-tracepoints");
}

TEST(Selection, GoesBackToWhatDoesNotSeeAllIfNothingElseWorks) {
  Selection selection({Aspect::messages}, {"raw-tracepoints", "function-hooks"});
  const Strategy* best = selection.chosen(Aspect::messages);
  selection.set_aside(*best, "found blind");
  EXPECT_EQ(selection.refusals(Aspect::messages).back().reason, "found blind");
  const Strategy* probes = selection.chosen(Aspect::messages);
  selection.set_aside(*probes, "found blind");
  selection.refuse(*selection.chosen(Aspect::messages), "cannot load it", "");
  EXPECT_EQ(selection.chosen(Aspect::messages), best);
  EXPECT_TRUE(selection.is_settled(Aspect::messages));
  for (const Refusal& refusal : selection.refusals(Aspect::messages))
    EXPECT_NE(refusal.strategy, best->name);
  selection.refuse(*best, "cannot attach it", "");
  EXPECT_EQ(selection.chosen(Aspect::messages), probes);
}

TEST(Selection, GoesBackToTheBestIfNoneSeesAll) {
  Selection selection({Aspect::messages}, {"raw-tracepoints", "function-hooks"});
  const Strategy* best = selection.chosen(Aspect::messages);
  for (int tried = 0; tried < 3; ++tried) {
    EXPECT_FALSE(selection.is_settled(Aspect::messages));
    selection.set_aside(*selection.chosen(Aspect::messages), "found blind");
  }
  EXPECT_EQ(selection.chosen(Aspect::messages), best);
  EXPECT_TRUE(selection.is_settled(Aspect::messages));
}

TEST(Selection, GoesOnToTheNextUntilNoneIsLeft) {
  Selection selection({Aspect::messages}, {});
  int refused = 0;
  while (const Strategy* strategy = selection.chosen(Aspect::messages)) {
    selection.refuse(*strategy, Error{"cannot load it", "", EINVAL});
    ++refused;
  }
  EXPECT_GE(refused, 2);
  EXPECT_TRUE(selection.chosen().empty());
  const std::vector<Refusal>& refusals = selection.refusals(Aspect::messages);
  EXPECT_EQ(refusals.size(), static_cast<std::size_t>(refused));
  EXPECT_EQ(refusals[0].reason, "cannot load it");
  EXPECT_TRUE(refusals[0].remedy.starts_with("a kernel with the tracepoints"))
      << refusals[0].remedy;
}

TEST(Strategies, EveryAspectHasOneAndNamesAreUnique) {
  for (int aspect = 0; aspect < aspect_count; ++aspect)
    EXPECT_NE(Selection({static_cast<Aspect>(aspect)}, {}).chosen(static_cast<Aspect>(aspect)),
              nullptr)
        << aspect;
  for (const Strategy& one : strategies())
    for (const Strategy& other : strategies())
      EXPECT_TRUE(&one == &other || one.name != other.name) << one.name;
}

}  // namespace
}  // namespace socktap::sources::ebpf
