#include "base/diagnostic.h"

#include <gtest/gtest.h>

namespace socktap {
namespace {

TEST(Diagnostic, ShowsPlaceLineCaretAndHint) {
  SourceMap sources;
  const auto id = sources.add("a.stp", "probe begin { }\nprobe socket.sned { }\n");
  const Diagnostic diagnostic{"unknown-probe-point",
                              Severity::semantic_error,
                              {id, 22, 33},
                              "unknown probe point `socket.sned`",
                              "did you mean `socket.send`?",
                              {}};
  EXPECT_EQ(render(diagnostic, sources, false),
            "semantic error: unknown probe point `socket.sned` [unknown-probe-point]\n"
            "  --> a.stp:2:7\n"
            "    2 | probe socket.sned { }\n"
            "      |       ^~~~~~~~~~~\n"
            "hint: did you mean `socket.send`?\n");
}

TEST(Diagnostic, CaretAtEndOfTextIsOneWide) {
  SourceMap sources;
  const auto id = sources.add("a.stp", "probe");
  const Diagnostic diagnostic{
      "unexpected-token", Severity::parse_error, {id, 5, 5}, "expected a point", "", {}};
  EXPECT_EQ(render(diagnostic, sources, false),
            "parse error: expected a point [unexpected-token]\n  --> a.stp:1:6\n    1 | probe\n    "
            "  |      ^\n");
}

TEST(Diagnostic, OfALongLineWhatIsAroundThePlaceIsShown) {
  SourceMap sources;
  const auto id = sources.add("a.stp", std::string(1'000'000, 'a') + "b" + std::string(1000, 'c'));
  const Diagnostic diagnostic{
      "unexpected-token", Severity::parse_error, {id, 1'000'000, 1'000'001}, "wrong", "", {}};
  EXPECT_EQ(render(diagnostic, sources, false),
            "parse error: wrong [unexpected-token]\n  --> a.stp:1:1000001\n    1 | " +
                std::string(60, 'a') + "b" + std::string(99, 'c') + "\n      | " +
                std::string(60, ' ') + "^\n");
}

TEST(Diagnostic, WarningsAreNoErrors) {
  Diagnostics diagnostics;
  diagnostics.add({"no-effect", Severity::warning, {}, "", "", {}});
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.add({"no-value", Severity::parse_error, {}, "", "", {}});
  EXPECT_EQ(diagnostics.error_count(), 1u);
}

TEST(Nearest, FindsTheLikelyWordOnly) {
  EXPECT_EQ(nearest("socket.sned", {"socket.receive", "socket.send"}), "socket.send");
  EXPECT_EQ(nearest("protocal", {"protocol", "family"}), "protocol");
  EXPECT_EQ(nearest("rnu", {"list", "run"}), "run") << "two letters exchanged are one slip";
  EXPECT_EQ(nearest("zzz", {"protocol", "family"}), std::nullopt);
}

TEST(Nearest, TakesTheFirstOfTheNearestWhateverTheirLengths) {
  EXPECT_EQ(nearest("abcdef", {"abcd", "abcdefgh", "abcdeg", "abcdxf"}), "abcdeg");
  EXPECT_EQ(nearest("abcdef", {"abc", "abcdefghi"}), std::nullopt);
  EXPECT_EQ(nearest("abcdefghi", {"badcfeghi"}), "badcfeghi");
  EXPECT_EQ(nearest("a", {"", "ab"}), "");
  EXPECT_EQ(nearest("", {"a"}), "a");
}

TEST(Nearest, LongWordsAreNoSlips) {
  const std::string word(64, 'a'), longer(65, 'a'), far_longer(50'000, 'a');
  EXPECT_EQ(nearest(word, {longer}), longer);
  EXPECT_EQ(nearest(longer, {word, longer}), std::nullopt);
  EXPECT_EQ(nearest(far_longer, std::vector<std::string_view>(1'000, far_longer)), std::nullopt);
  EXPECT_EQ(nearest(word, {far_longer}), std::nullopt);
}

}  // namespace
}  // namespace socktap
