#include "language/token.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace socktap::language {
namespace {

constexpr std::string_view titles[] = {
#define TOKEN(kind, title) title,
#include "language/token.def"
};

constexpr std::string_view names[] = {
#define TOKEN(kind, title) #kind,
#include "language/token.def"
};

struct Keyword {
  std::string_view spelling;
  TokenKind kind;
};

// Sorted, as token.def lists them.
constexpr Keyword keywords[] = {
#define TOKEN(kind, title)
#define PUNCTUATOR(kind, spelling)
#define KEYWORD(kind, spelling) {spelling, TokenKind::kind},
#include "language/token.def"
};

static_assert(std::is_sorted(std::begin(keywords), std::end(keywords),
                             [](const Keyword& a, const Keyword& b) {
                               return a.spelling < b.spelling;
                             }));

}  // namespace

std::string_view title(TokenKind kind) { return titles[static_cast<std::size_t>(kind)]; }

TokenKind word_kind(std::string_view word) {
  const auto* found = std::lower_bound(
      std::begin(keywords), std::end(keywords), word,
      [](const Keyword& keyword, std::string_view w) { return keyword.spelling < w; });
  return found != std::end(keywords) && found->spelling == word ? found->kind
                                                                : TokenKind::identifier;
}

bool is_keyword(TokenKind kind) {
  return std::any_of(std::begin(keywords), std::end(keywords),
                     [kind](const Keyword& keyword) { return keyword.kind == kind; });
}

const std::vector<std::string_view>& at_operators() {
  static const std::vector<std::string_view> words = {
      "@avg",      "@cast",   "@const",     "@count", "@defined", "@entry", "@hist_linear",
      "@hist_log", "@kderef", "@kregister", "@max",   "@min",     "@perf",  "@probewrite",
      "@sum",      "@uderef", "@uregister", "@var",   "@variance"};
  return words;
}

bool is_at_operator(std::string_view word) {
  return std::binary_search(at_operators().begin(), at_operators().end(), word);
}

bool is_foreign_macro(std::string_view word) {
  constexpr std::string_view words[] = {
      "@cast_module_sizeof",  "@cast_module_type", "@cast_sizeof",         "@container_of",
      "@module_container_of", "@module_offsetof",  "@module_type_defined", "@offsetof",
      "@type_defined"};
  constexpr std::string_view prefixes[] = {"@json_output_", "@prometheus_dump_"};
  return std::find(std::begin(words), std::end(words), word) != std::end(words) ||
         std::any_of(std::begin(prefixes), std::end(prefixes), [&](std::string_view prefix) {
           return word.substr(0, prefix.size()) == prefix;
         });
}

std::string dump(const std::vector<Token>& tokens, const SourceMap& sources) {
  std::string out;
  for (const Token& token : tokens) {
    const LineColumn place = sources.locate(token.span.source, token.span.begin);
    fmt::format_to(std::back_inserter(out), "{}:{} {} {}\n", place.line, place.column,
                   names[static_cast<std::size_t>(token.kind)], sources.text(token.span));
  }
  return out;
}

}  // namespace socktap::language
