#include <gtest/gtest.h>

#include "language/parsed_text.h"

namespace socktap::language {
namespace {

// The kinds and texts of a text's tokens, or its diagnostics.
std::string lexed(const std::string& text) {
  SourceMap sources;
  const auto outcome = lex(sources, sources.add("a.stp", text));
  if (!outcome.value) return dump(outcome.diagnostics, sources);
  std::string out;
  for (const Token& token : *outcome.value) {
    if (!out.empty()) out += token.glued ? "_" : " ";
    out += sources.text(token.span);
  }
  return out;
}

TEST(Lexer, SplitsWords) {
  const ParseCase cases[] = {
      {"probe begin{}", "probe begin_{_}"},
      {"a1 _b $c $$vars d$e @count @f_1", "a1 _b $c $$vars d$e @count @f_1"},
      {"$1 $12 $# @1 @# $1a", "$1 $12 $# @1 @# $1_a"},
      {"a.b s* sys**open", "a_._b s_* sys_**_open"},
      {"1 0x1F 017", "1 0x1F 017"},
      {"\"a\" \"b\\\"c\"", "\"a\" \"b\\\"c\""},
      {"a # b\nc // d\ne /* f\n* / */ g", "a c e g"},
      {"#! /usr/bin/stap -g\na", "a"},
      {"%{ int x; %} y", "%{ int x; %} y"},
      {"", ""},
      {"/* a */", ""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(lexed(text), expected) << text;
}

TEST(Lexer, TakesTheLongestPunctuator) {
  const ParseCase cases[] = {
      {"a<<<b<<=c<<d<e", "a_<<<_b_<<=_c_<<_d_<_e"},
      {"a>>>b>>=c>>d>e>=f", "a_>>>_b_>>=_c_>>_d_>_e_>=_f"},
      {"%(%?%:%)%=%", "%(_%?_%:_%)_%=_%"},
      {"a->b--c-=d", "a_->_b_--_c_-=_d"},
      {"a=~b==c!~d!=e", "a_=~_b_==_c_!~_d_!=_e"},
      {"a.=b**c*=d", "a_.=_b_**_c_*=_d"},
      {"a&&b&=c||d|=e^=f", "a_&&_b_&=_c_||_d_|=_e_^=_f"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(lexed(text), expected) << text;
}

TEST(Lexer, SaysWhatIsWrong) {
  const ParseCase cases[] = {
      {"a ` b", "unknown-character at 1:3"},
      {"a @ b", "unknown-character at 1:3"},
      {"a \\ b", "unknown-character at 1:3"},
      {"\xe2\x80\x9cx\xe2\x80\x9d", "unknown-character at 1:1\nunknown-character at 1:5"},
      {"\"abc", "unterminated-string at 1:1"},
      {"\"abc\nd", "unterminated-string at 1:1"},
      {"\"abc\\", "unterminated-string at 1:1"},
      {"x /* y", "unterminated-comment at 1:3"},
      {"/*/", "unterminated-comment at 1:1"},
      {"%{ y", "unterminated-embedded-c at 1:1"},
      {"18446744073709551616", "number-too-large at 1:1"},
      {"\n 12abc", "bad-number at 2:2"},
      {"09", "bad-number at 1:1"},
      {"\"a\\xg\"", "bad-escape at 1:3"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(lexed(text), expected) << text;
}

TEST(Lexer, GivesUpOnWhatIsNoScript) {
  SourceMap sources;
  const auto outcome = lex(sources, sources.add("a.stp", std::string(1000, '\x01')));
  EXPECT_EQ(outcome.diagnostics.error_count(), max_errors);
}

TEST(Lexer, UnknownEscapesAreWarnings) {
  SourceMap sources;
  const auto outcome = lex(sources, sources.add("a.stp", "x =~ \"\\d+\""));
  EXPECT_TRUE(outcome.value);
  EXPECT_EQ(dump(outcome.diagnostics, sources), "warning unknown-escape at 1:7");
  EXPECT_EQ(outcome.diagnostics.all()[0].hint, "it means `d`; write `\\\\d` for a backslash");
}

TEST(Lexer, DumpsTokens) {
  SourceMap sources;
  const auto outcome = lex(sources, sources.add("a.stp", "probe s*\n  <<< 1"));
  EXPECT_EQ(dump(*outcome.value, sources),
            "1:1 kw_probe probe\n1:7 identifier s\n1:8 star *\n2:3 accumulate <<<\n2:7 number 1\n");
}

}  // namespace
}  // namespace socktap::language
