#include "language/semantics/reporter.h"

#include <gtest/gtest.h>

namespace socktap::language::semantics {
namespace {

TEST(Reporter, SaysEachThingOnceInTheOrderOfTheText) {
  Reporter reporter;
  reporter.error("no-value", {0, 20, 21}, "second");
  reporter.warning("no-effect", {0, 10, 11}, "first").notes.push_back({std::nullopt, "note"});
  reporter.warning("no-effect", {0, 10, 11}, "first again").notes.push_back({std::nullopt, "lost"});
  reporter.error("no-value", {0, 22, 23}, "third");
  EXPECT_TRUE(reporter.has_errors());
  const Diagnostics diagnostics = reporter.take();
  ASSERT_EQ(diagnostics.all().size(), 3U);
  EXPECT_EQ(diagnostics.error_count(), 2U);
  EXPECT_EQ(diagnostics.all()[0].message, "first");
  EXPECT_EQ(diagnostics.all()[0].notes.size(), 1U);
  EXPECT_EQ(diagnostics.all()[1].message, "second");
  EXPECT_EQ(diagnostics.all()[2].message, "third");
}

TEST(Reporter, SaysWhatIsWrongWithANameOnceAtItsFirstPlace) {
  Reporter reporter;
  reporter.error_once("unknown-function", {0, 20, 21}, "unknown `a`")
      .notes.push_back({std::nullopt, "n"});
  reporter.error_once("unknown-function", {0, 10, 11}, "unknown `a`")
      .notes.push_back({std::nullopt, "lost"});
  reporter.error_once("unknown-function", {0, 30, 31}, "unknown `a`");
  reporter.error_once("unknown-function", {0, 15, 16}, "unknown `b`");
  const Diagnostics diagnostics = reporter.take();
  ASSERT_EQ(diagnostics.all().size(), 2U);
  EXPECT_EQ(diagnostics.all()[0].message, "unknown `a`");
  EXPECT_EQ(diagnostics.all()[0].span.begin, 10U);
  EXPECT_EQ(diagnostics.all()[0].notes.size(), 1U);
  EXPECT_EQ(diagnostics.all()[1].message, "unknown `b`");
}

TEST(Reporter, WarningsAreNoErrors) {
  Reporter reporter;
  reporter.warning("no-effect", {0, 1, 2}, "careful");
  EXPECT_FALSE(reporter.has_errors());
}

TEST(Reporter, NamesAreComparedByTheirText) {
  static constexpr char elsewhere[] = "no-value";
  Reporter reporter;
  reporter.error("no-value", {0, 1, 2}, "first");
  reporter.error(elsewhere, {0, 1, 2}, "again");
  reporter.error("no-effect", {0, 1, 2}, "another");
  EXPECT_EQ(reporter.take().error_count(), 2U);
}

TEST(Reporter, KeepsSoManyErrorsAndSoManyWarningsAndSaysThatThereAreMore) {
  Reporter reporter;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    reporter.error_once("unknown-function", {0, 2 * i, 2 * i + 1}, std::to_string(i));
    reporter.warning("no-effect", {0, 2 * i + 1, 2 * i + 2}, "careful");
  }
  const Diagnostics diagnostics = reporter.take();
  ASSERT_EQ(diagnostics.all().size(), 2 * Reporter::most);
  EXPECT_EQ(diagnostics.error_count(), Reporter::most);
  std::vector<std::string> notes;
  for (const Diagnostic& diagnostic : diagnostics.all())
    for (const DiagnosticNote& note : diagnostic.notes) notes.push_back(note.message);
  EXPECT_EQ(notes, (std::vector<std::string>{"these are 200 errors; there are more",
                                             "these are 200 warnings; there are more"}));
}

TEST(Reporter, WhatIsSaidAgainIsNotMore) {
  Reporter reporter;
  for (int twice = 0; twice < 2; ++twice)
    for (std::uint32_t i = 0; i < Reporter::most; ++i)
      reporter.error("no-value", {0, i, i + 1}, "wrong");
  const Diagnostics diagnostics = reporter.take();
  EXPECT_EQ(diagnostics.error_count(), Reporter::most);
  EXPECT_TRUE(diagnostics.all().back().notes.empty());
}

TEST(Reporter, HintsAreLookedForOnlyOfTheFirstThatAreKept) {
  Reporter reporter;
  std::size_t looked = 0;
  const auto look = [&] { return std::to_string(++looked); };
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    reporter.error("no-value", {0, 0, 1}, "the same", look);
    reporter.error_once("unknown-function", {0, i, i + 1}, "unknown `a`", look);
    reporter.warning("no-effect", {0, i, i + 1}, "careful", look);
  }
  EXPECT_EQ(looked, Reporter::most_found_hints);
  reporter.error("no-value", {0, 1'001, 1'002}, "a text costs nothing", "text");
  const Diagnostics diagnostics = reporter.take();
  EXPECT_EQ(diagnostics.all().back().hint, "text");
}

TEST(Reporter, DidYouMean) {
  EXPECT_EQ(did_you_mean("socket.sned", {"socket.send", "socket.close"}),
            "did you mean `socket.send`?");
  EXPECT_EQ(did_you_mean("quite_else", {"socket.send"}), "");
}

}  // namespace
}  // namespace socktap::language::semantics
