// One token of a script, and the table of their kinds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/source_map.h"

namespace socktap::language {

enum class TokenKind : std::uint8_t {
#define TOKEN(kind, title) kind,
#include "language/token.def"
};

// Its text, and with it its value, is `sources.text(span)`: tokens are cheap to copy, which macro
// expansion does a lot.
struct Token {
  TokenKind kind = TokenKind::end_of_script;
  bool glued = false;  // nothing between it and the token before: `s*` is one word of a probe point
  Span span;
};

// How diagnostics call a kind: "identifier", "`<<<`", "keyword `probe`".
std::string_view title(TokenKind kind);

// The keyword that `word` is, or identifier.
TokenKind word_kind(std::string_view word);

bool is_keyword(TokenKind kind);

// The operators written `@name(...)` that belong to the language; any other @word is a macro.
bool is_at_operator(std::string_view word);
const std::vector<std::string_view>& at_operators();

// Macros of SystemTap's own library that work on kernel types or procfs: they parse, and are
// refused where operators are.
bool is_foreign_macro(std::string_view word);

// One token a line: "3:14 identifier foo".
std::string dump(const std::vector<Token>& tokens, const SourceMap& sources);

}  // namespace socktap::language
