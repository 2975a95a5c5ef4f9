#include "language/semantics/point_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace socktap::language::semantics {
namespace {

TEST(PointName, Matches) {
  const struct {
    std::string_view pattern, name;
    bool matches;
  } cases[] = {
      {"socket.send", "socket.send", true},
      {"socket.send", "socket.sendmsg", false},
      {"socket.sendmsg", "socket.send", false},
      {"socket.*", "socket.send", true},
      {"socket.*", "socket.sendmsg.return", false},
      {"socket.*", "socket.", true},
      {"socket.*.return", "socket.sendmsg.return", true},
      {"socket.*msg", "socket.recvmsg", true},
      {"socket.s*d*g", "socket.sendmsg", true},
      {"*.send", "socket.send", true},
      {"*", "begin", true},
      {"*", "socket.send", false},
      {"**", "socket.sendmsg.return", true},
      {"socket.**", "socket.sendmsg.return", true},
      {"socket.send**", "socket.sendmsg.return", true},
      {"**.return", "socket.sendmsg.return", true},
      {"**.return", "socket.sendmsg", false},
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
  };
  for (const auto& [pattern, name, expected] : cases)
    EXPECT_EQ(matches(pattern, name), expected) << pattern << " : " << name;
}

// The definition: `*` is any text within one component, `**` any text.
bool matches_by_definition(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] != '*')
    return !name.empty() && name[0] == pattern[0] &&
           matches_by_definition(pattern.substr(1), name.substr(1));
  const bool any = pattern.starts_with("**");
  for (std::size_t length = 0; length <= name.size(); ++length) {
    if (length > 0 && !any && name[length - 1] == '.') return false;
    if (matches_by_definition(pattern.substr(any ? 2 : 1), name.substr(length))) return true;
  }
  return false;
}

std::vector<std::string> words(std::string_view letters, std::size_t longest) {
  std::vector<std::string> all{""};
  for (std::size_t i = 0; i < all.size() && all[i].size() < longest; ++i)
    for (const char letter : letters) all.push_back(all[i] + letter);
  return all;
}

TEST(PointName, MatchesByDefinition) {
  const std::vector<std::string> names = words("ab.", 5);
  for (const std::string& pattern : words("ab.*", 5))
    for (const std::string& name : names)
      ASSERT_EQ(matches(pattern, name), matches_by_definition(pattern, name))
          << pattern << " : " << name;
  for (const std::string& pattern : words("a.*", 8))
    for (const std::string name : {"a", "a.a", "a.aa.a", "aa..aa", "a.a.a.a.a", "aaaaaaaa"})
      ASSERT_EQ(matches(pattern, name), matches_by_definition(pattern, name))
          << pattern << " : " << name;
}

ast::ExprPtr number(std::int64_t value) {
  auto expression = std::make_unique<ast::Expr>();
  expression->node = ast::Number{value};
  return expression;
}

TEST(PointName, Texts) {
  const ast::PointComponent timer{{}, "timer", nullptr};
  const ast::PointComponent seconds{{}, "s", number(5)};
  const ast::PointComponent* const components[] = {&timer, &seconds};
  EXPECT_EQ(full_text(components), "timer.s(5)");
  EXPECT_EQ(dotted(components), "timer.s");
  EXPECT_FALSE(has_wildcard(components));
}

TEST(PointName, LiteralNumber) {
  EXPECT_EQ(literal_number(nullptr), std::nullopt);
  EXPECT_EQ(literal_number(number(7).get()), 7);
  ast::Expr negated;
  negated.node = ast::Unary{ast::UnaryOp::minus, number(INT64_MIN)};
  EXPECT_EQ(literal_number(&negated), INT64_MIN) << "wraps, as all arithmetic does";
  negated.node = ast::Unary{ast::UnaryOp::bitwise_not, number(1)};
  EXPECT_EQ(literal_number(&negated), std::nullopt);
}

}  // namespace
}  // namespace socktap::language::semantics
