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

TEST(Reporter, DidYouMean) {
  EXPECT_EQ(did_you_mean("socket.sned", {"socket.send", "socket.close"}),
            "did you mean `socket.send`?");
  EXPECT_EQ(did_you_mean("quite_else", {"socket.send"}), "");
}

}  // namespace
}  // namespace socktap::language::semantics
