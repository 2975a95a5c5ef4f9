#include "compare/commands.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace socktap::bench {
namespace {

std::size_t number_of(std::string_view sockets, std::string_view subject) {
  const auto cases = command_cases();
  for (std::size_t i = 0; i < cases.size(); ++i)
    if (cases[i].sockets == sockets && cases[i].subject == subject) return i;
  ADD_FAILURE() << sockets << " " << subject;
  return 0;
}

const std::size_t untraced = number_of("TCP", "untraced");
const std::size_t strace = number_of("TCP", "strace");
const std::size_t by_socktap = number_of("TCP", "socktap printf");

CommandRound round(CommandRun alone, CommandRun peer, CommandRun traced) {
  CommandRound runs(command_cases().size());
  runs[untraced] = alone;
  runs[strace] = peer;
  runs[by_socktap] = traced;
  return runs;
}

TEST(Commands, CasesAreOfOneKindEachAndTheFirstTwoAreCompared) {
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const CommandCase& one : command_cases()) {
    EXPECT_TRUE(names.emplace(one.sockets, one.subject).second) << one.subject;
    const std::size_t first = number_of(one.sockets, "untraced");
    EXPECT_EQ(number_of(one.sockets, "strace"), first + 1);
    EXPECT_FALSE(command_cases()[first].tool);
  }
}

TEST(Commands, AreOneWordOrSeveral) {
  EXPECT_EQ(with_command({"-c", "COMMAND"}, {"load", "--pairs", "1"}),
            (std::vector<std::string>{"-c", "load --pairs 1"}));
  EXPECT_EQ(with_command({"-f", "COMMAND..."}, {"load", "--pairs", "1"}),
            (std::vector<std::string>{"-f", "load", "--pairs", "1"}));
}

TEST(Commands, RunAloneWhereNobodyTraces) {
  const auto words = command_line(command_cases()[untraced], Tools(), {"load", "--tcp"});
  EXPECT_EQ(words, (std::vector<std::string>{"load", "--tcp"}));
}

TEST(Commands, DifferencesAndQuotientsAreOfEachRound) {
  const CommandCost cost = cost_of(by_socktap, {round({100, 50}, {1100, 500}, {1000, 450}),
                                                round({200, 60}, {1200, 510}, {1400, 560}),
                                                round({300, 70}, {2300, 900}, {2500, 970})});
  EXPECT_TRUE(cost.is_measured());
  EXPECT_EQ(cost.rounds, 3u);
  EXPECT_EQ(cost.untraced_ns, (Spread{200, 100, 300}));
  EXPECT_EQ(cost.added_ns, (Spread{1200, 900, 2200}));
  EXPECT_EQ(cost.added_cpu_ns, (Spread{500, 400, 900}));
  EXPECT_EQ(cost.beside_strace, (Spread{1.1, 0.9, 1.2}));
}

TEST(Commands, WithoutStraceHaveNoQuotient) {
  CommandRound runs = round({100, 50}, {1100, 500}, {1000, 450});
  runs[strace].reset();
  const CommandCost cost = cost_of(by_socktap, {runs});
  EXPECT_EQ(cost.added_ns, (Spread{900, 900, 900}));
  EXPECT_EQ(cost.beside_strace, std::nullopt);
}

TEST(Commands, OfNoRoundsAreNotMeasured) {
  CommandRound runs = round({100, 50}, {1100, 500}, {1000, 450});
  runs[untraced].reset();
  EXPECT_FALSE(cost_of(by_socktap, {runs}).is_measured());
  EXPECT_FALSE(cost_of(by_socktap, {}).is_measured());
}

}  // namespace
}  // namespace socktap::bench
