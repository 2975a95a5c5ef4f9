#include "comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace socktap::test {
namespace {

std::vector<Happening> lines(const char* text) {
  std::istringstream in(text);
  return read_truth(in);
}

std::string summary(const char* promised, const char* observed) {
  const Comparison comparison = compare(lines(promised), lines(observed));
  std::string text;
  for (const Finding& finding : comparison.findings) {
    text += std::string(name_of(finding.difference)) + " in " + finding.step + "\n";
  }
  return text;
}

constexpr const char* three_sends =
    "step=a n=1 op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10 family=1\n"
    "step=b n=2 op=send phase=conclusion path=writev pid=5 tid=5 size=11 family=1\n"
    "step=c n=3 op=send phase=conclusion path=sendmsg pid=5 tid=5 size=12 family=1\n";

TEST(Truth, LinesSurviveTheRoundTrip) {
  const std::string line =
      "step=a/b n=7 op=receive phase=conclusion path=recvmsg|aio_read comm=worker pid=5 size=-11 "
      "success=0 flags=8/31 in_pieces=1 mark=blind:x";
  const auto happening = parse_happening(line);
  ASSERT_TRUE(happening);
  EXPECT_EQ(format(*happening), line);
  EXPECT_FALSE((*happening)[Value::tid]);
}

TEST(Truth, MalformedLinesAreRemarks) {
  for (const char* line : {"# skipped tcp6: no IPv6", "op=flies phase=begin", "op=send size=x",
                           "size=5", "op=send path=road"}) {
    EXPECT_FALSE(parse_happening(line)) << line;
  }
}

TEST(Comparison, EqualSequencesHaveNoDifference) {
  EXPECT_EQ(summary(three_sends, three_sends), "");
}

TEST(Comparison, FindsWhatIsMissing) {
  EXPECT_EQ(summary(three_sends,
                    "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n"
                    "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=12\n"),
            "missing in b\n");
}

TEST(Comparison, FindsWhatIsSeenTwice) {
  EXPECT_EQ(summary(three_sends,
                    "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n"
                    "op=send phase=conclusion path=writev pid=5 tid=5 size=11\n"
                    "op=send phase=conclusion path=writev pid=5 tid=5 size=11\n"
                    "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=12\n"),
            "repeated in b\n");
}

TEST(Comparison, FindsStrangers) {
  EXPECT_EQ(summary("", "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n"),
            "unexpected in \n");
}

TEST(Comparison, AProcessMayBeUnknown) {
  constexpr const char* promised =
      "step=a n=1 op=close phase=begin path=none pid=5 tid=5 family=1\n"
      "step=b n=2 op=close phase=begin path=none family=2\n";
  EXPECT_EQ(summary(promised,
                    "op=close phase=begin path=none pid=9 tid=9 family=2\n"
                    "op=close phase=begin path=none pid=5 tid=5 family=1\n"),
            "");
  EXPECT_EQ(summary(promised,
                    "op=close phase=begin path=none pid=9 tid=9 family=2\n"
                    "op=close phase=begin path=none pid=8 tid=8 family=2\n"
                    "op=close phase=begin path=none pid=5 tid=5 family=1\n"),
            "repeated in b\n");
}

TEST(Comparison, NamesTheValueThatDiffers) {
  const auto comparison = compare(
      lines("step=a n=1 op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10 flags=8/12\n"),
      lines("op=send phase=conclusion path=aio_write pid=5 tid=5 size=10 flags=7\n"));
  ASSERT_EQ(comparison.findings.size(), 1u);
  EXPECT_EQ(comparison.findings[0].difference, Difference::wrong_value);
  EXPECT_THAT(comparison.findings[0].text,
              testing::HasSubstr("path; flags: promised 8, observed 7"));
}

TEST(Comparison, AWrongSizeIsOneDifferenceNotTwo) {
  EXPECT_EQ(summary(three_sends,
                    "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10 family=1\n"
                    "op=send phase=conclusion path=writev pid=5 tid=5 size=99 family=1\n"
                    "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=12 family=1\n"),
            "wrong value in b\n");
}

TEST(Comparison, MarkedPromisesNeedNotBeKept) {
  const char* promised =
      "step=a n=1 op=send phase=begin path=sendmsg pid=5 tid=5 size=10 mark=blind:x\n"
      "step=a n=2 op=send phase=begin path=sendmsg pid=5 tid=5 size=11 mark=blind:x\n";
  const auto comparison =
      compare(lines(promised), lines("op=send phase=begin path=sendmsg pid=5 tid=5 size=11\n"));
  EXPECT_TRUE(comparison.findings.empty()) << describe(comparison);
  ASSERT_EQ(comparison.marks.size(), 1u);
  EXPECT_EQ(comparison.marks[0].promised, 2u);
  EXPECT_EQ(comparison.marks[0].observed, 1u);
}

TEST(Comparison, PiecesAddUp) {
  const char* promised =
      "step=a n=1 op=send phase=conclusion path=sendmsg pid=5 tid=5 size=30 in_pieces=1\n";
  const char* piece = "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n";
  const std::string three = std::string(piece) + piece + piece;
  EXPECT_EQ(summary(promised, three.c_str()), "");
  EXPECT_EQ(summary(promised, (std::string(piece) + piece).c_str()),
            "wrong value in a\nunexpected in \n");
}

TEST(Comparison, ThreadsHaveTheirOwnOrder) {
  const char* promised =
      "step=a n=1 op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n"
      "step=a n=2 op=send phase=conclusion path=sendmsg pid=5 tid=6 size=11\n";
  const char* observed =
      "op=send phase=conclusion path=sendmsg pid=5 tid=6 size=11\n"
      "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n";
  EXPECT_EQ(summary(promised, observed), "");
}

TEST(Comparison, OrderWithinAThreadMatters) {
  const char* reversed =
      "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=12\n"
      "op=send phase=conclusion path=writev pid=5 tid=5 size=11\n"
      "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n";
  EXPECT_NE(summary(three_sends, reversed), "");
}

TEST(Comparison, ABeginningComesBeforeItsConclusion) {
  const char* promised =
      "step=a n=1 op=send phase=begin path=sendmsg pid=5 tid=5 size=10\n"
      "step=a n=1 op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n";
  const char* observed =
      "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n"
      "op=send phase=begin path=sendmsg pid=5 tid=5 size=10\n";
  EXPECT_EQ(summary(promised, promised), "");
  EXPECT_EQ(summary(promised, observed), "out of order in a\n");
}

TEST(Comparison, WorkersAreAnyThreadOfTheProcess) {
  const char* promised = "step=a n=1 op=send phase=conclusion path=sendmsg pid=5 size=10\n";
  EXPECT_EQ(summary(promised, "op=send phase=conclusion path=sendmsg pid=5 tid=77 size=10\n"), "");
  EXPECT_EQ(summary(promised, "op=send phase=conclusion path=sendmsg pid=6 tid=77 size=10\n"),
            "unexpected in \nmissing in a\n");
}

TEST(Comparison, AWorkersTaskMayBeDoneByAThreadThatIsKnown) {
  const char* promised =
      "step=a n=1 op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n"
      "step=b n=2 op=send phase=conclusion path=sendmsg pid=5 size=11\n"
      "step=c n=3 op=send phase=conclusion path=sendmsg pid=5 tid=5 size=12\n";
  const std::string by_the_thread =
      "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=10\n"
      "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=11\n"
      "op=send phase=conclusion path=sendmsg pid=5 tid=5 size=12\n";
  EXPECT_EQ(summary(promised, by_the_thread.c_str()), "");
  const std::string twice =
      by_the_thread + "op=send phase=conclusion path=sendmsg pid=5 tid=77 size=11\n";
  EXPECT_EQ(summary(promised, twice.c_str()), "repeated in b\n");
}

}  // namespace
}  // namespace socktap::test
