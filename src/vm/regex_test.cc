#include "vm/regex.h"

#include <gtest/gtest.h>

#include "vm/compile.h"

namespace socktap::vm {
namespace {

TEST(Regex, PosixExtended) {
  const struct {
    const char* pattern;
    const char* subject;
    std::vector<std::string_view> groups;
  } cases[] = {
      {"b+", "abbbc", {"bbb"}},
      {"a|ab|abc", "xabcd", {"abc"}},
      {"(a|ab)(c|bcd)", "abcd", {"abcd", "a", "bcd"}},
      {"^x", "ax", {}},
      {"x$", "x\ny", {}},
      {"a.b", "a\nb", {"a\nb"}},
      {"[[:alpha:]]+[0-9]{2}", "--ab123", {"ab12"}},
      {"(a)|(b)", "b", {"b", "", "b"}},
      {"\\.", "a.b", {"."}},
      {"", "", {""}},
      {"\xff", "a\xff", {"\xff"}},
  };
  for (const auto& each : cases) {
    Regex regex(each.pattern);
    EXPECT_EQ(regex.groups(each.subject), each.groups) << each.pattern;
    EXPECT_EQ(regex.matches(each.subject), !each.groups.empty()) << each.pattern;
  }
}

TEST(Regex, SaysWhatIsWrong) {
  EXPECT_EQ(regex_error("a(b|c)*"), std::nullopt);
  EXPECT_TRUE(regex_error("a(b").has_value());
  EXPECT_TRUE(regex_error("[a").has_value());
  EXPECT_FALSE(Regex("a(b").matches("ab"));
}

TEST(Regex, MistakesHaveTheirPlace) {
  Code code;
  code.patterns = {{"fine", {0, 1, 2}}, {"(", {0, 3, 4}}};
  const Diagnostics diagnostics = check_patterns(code);
  ASSERT_EQ(diagnostics.error_count(), 1U);
  EXPECT_EQ(diagnostics.all().front().span, (Span{0, 3, 4}));
}

}  // namespace
}  // namespace socktap::vm
