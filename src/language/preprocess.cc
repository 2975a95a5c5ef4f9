// From raw tokens to those that the parser reads: script arguments are put in first, for they may
// appear anywhere, then macros and conditionals are expanded.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "language/condition.h"
#include "language/expander.h"
#include "language/library_macros.h"
#include "language/literal.h"

namespace socktap::language {
namespace {

constexpr std::size_t max_tokens = 4'000'000;

// The tokens of the command line's arguments, lexed when first asked for.
class Arguments {
 public:
  Arguments(SourceMap& sources, const Invocation& invocation, Diagnostics& diagnostics)
      : sources_(sources), invocation_(invocation), diagnostics_(diagnostics) {}

  // The replacement of $n, @n, $#, @#; null when there is no such argument.
  const std::vector<Token>* replacement(const Token& token) {
    const std::string spelling(sources_.text(token.span));
    const auto [known, is_new] = replacements_.try_emplace(spelling);
    if (is_new) known->second = tokens_of(token, spelling);
    return known->second ? &*known->second : nullptr;
  }

 private:
  std::optional<std::vector<Token>> tokens_of(const Token& token, const std::string& spelling) {
    const std::string count = std::to_string(invocation_.arguments.size());
    if (token.kind == TokenKind::argument_count) return lexed(spelling, count, token);
    if (token.kind == TokenKind::argument_count_string) {
      return lexed(spelling, quoted(count), token);
    }
    const NumberValue number = number_value(trimmed(spelling));
    if (number.fault != NumberFault::none || number.value < 1 ||
        static_cast<std::uint64_t>(number.value) > invocation_.arguments.size()) {
      return std::nullopt;
    }
    const std::string& value = invocation_.arguments[static_cast<std::size_t>(number.value) - 1];
    return lexed(spelling, token.kind == TokenKind::argument_string ? quoted(value) : value, token);
  }

  // The digits after $ or @; leading zeros do not make it octal.
  static std::string_view trimmed(std::string_view spelling) {
    spelling.remove_prefix(std::min(spelling.find_first_not_of('0', 1), spelling.size() - 1));
    return spelling;
  }

  std::vector<Token> lexed(const std::string& spelling, const std::string& value,
                           const Token& token) {
    auto outcome = lex(sources_, sources_.add("<argument " + spelling + ">", value));
    diagnostics_.append(std::move(outcome.diagnostics));
    if (!outcome.value) return {};
    for (const Token& inner : *outcome.value) {
      if (inner.kind != TokenKind::argument_text && inner.kind != TokenKind::argument_string) {
        continue;
      }
      diagnostics_.add({"nested-argument",
                        Severity::parse_error,
                        inner.span,
                        fmt::format("script argument {} refers to an argument itself", spelling),
                        "",
                        {{token.span, "it is used here"}}});
      return {};
    }
    return std::move(*outcome.value);
  }

  SourceMap& sources_;
  const Invocation& invocation_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::optional<std::vector<Token>>> replacements_;
};

bool is_argument(TokenKind kind) {
  return kind == TokenKind::argument_text || kind == TokenKind::argument_string ||
         kind == TokenKind::argument_count || kind == TokenKind::argument_count_string;
}

// Arguments that are not there stay as they are: a conditional may yet remove them.
std::vector<Token> with_arguments(const std::vector<Token>& tokens, SourceMap& sources,
                                  const Invocation& invocation, Diagnostics& diagnostics) {
  Arguments arguments(sources, invocation, diagnostics);
  std::vector<Token> out;
  out.reserve(tokens.size());
  for (const Token& token : tokens) {
    const std::vector<Token>* replacement =
        is_argument(token.kind) ? arguments.replacement(token) : nullptr;
    if (replacement == nullptr) {
      out.push_back(token);
      continue;
    }
    const std::size_t first = out.size();
    if (first + replacement->size() > max_tokens) {
      diagnostics.add({"expansion-too-large",
                       Severity::parse_error,
                       token.span,
                       "script arguments make the script too large",
                       "",
                       {}});
      break;
    }
    out.insert(out.end(), replacement->begin(), replacement->end());
    if (out.size() > first) out[first].glued = token.glued;
  }
  return out;
}

struct MacroNames {
  std::set<std::string_view> used, defined;

  bool lacks_any() const { return !std::ranges::includes(defined, used); }
};

// Operators that begin with @ count as uses.
MacroNames macro_names(const std::vector<Token>& tokens, const SourceMap& sources) {
  MacroNames names;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::at_word) continue;
    const std::string_view word = sources.text(tokens[i].span);
    if (word == "@define" && i + 1 < tokens.size()) {
      names.defined.insert(sources.text(tokens[i + 1].span));
    } else {
      names.used.insert(word.substr(1));
    }
  }
  return names;
}

// The macros of tapsets go before the script, which may define some of them anew.
std::vector<Token> with_tapset_macros(std::vector<Token> tokens, const SourceMap& sources,
                                      const Invocation& invocation) {
  if (invocation.macro_sources.empty() || !macro_names(tokens, sources).lacks_any()) return tokens;
  std::vector<Token> macros;
  for (const std::uint32_t source : invocation.macro_sources) {
    const auto lexed = lex(sources, source);
    if (lexed.value) macros.insert(macros.end(), lexed.value->begin(), lexed.value->end());
  }
  tokens.insert(tokens.begin(), macros.begin(), macros.end());
  return tokens;
}

// The library macros that the script uses and does not define itself.
std::string used_library_macros(const std::vector<Token>& tokens, const SourceMap& sources) {
  const MacroNames names = macro_names(tokens, sources);
  std::string text;
  for (const std::string_view name : names.used) {
    if (names.defined.count(name) == 0) text += library_macro(name);
  }
  return text;
}

}  // namespace

Outcome<std::vector<Token>> preprocess(std::vector<Token> tokens, SourceMap& sources,
                                       const Invocation& invocation) {
  Outcome<std::vector<Token>> outcome;
  Diagnostics& diagnostics = outcome.diagnostics;
  tokens = with_tapset_macros(std::move(tokens), sources, invocation);
  tokens = with_arguments(tokens, sources, invocation, diagnostics);
  if (std::string text = used_library_macros(tokens, sources); !text.empty()) {
    const auto library = lex(sources, sources.add("<library macros>", std::move(text)));
    tokens.insert(tokens.begin(), library.value->begin(), library.value->end());
  }
  std::vector<Token> expanded = Expander(std::move(tokens), sources, invocation, diagnostics).run();
  if (!diagnostics.has_errors()) outcome.value = std::move(expanded);
  return outcome;
}

}  // namespace socktap::language
