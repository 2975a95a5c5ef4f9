#include "vm/regex.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace socktap::vm
