// The half of the expander that knows macros: their definitions, and what their uses become.
#include <fmt/format.h>

#include <algorithm>

#include "language/expander.h"

namespace socktap::language {
namespace {

constexpr int max_macro_depth = 64;

// Names of macros and parameters may be keywords: their uses have an @ before.
bool is_word(TokenKind kind) { return kind == TokenKind::identifier || is_keyword(kind); }

bool opens(TokenKind kind) {
  return kind == TokenKind::left_paren || kind == TokenKind::left_bracket ||
         kind == TokenKind::left_brace || kind == TokenKind::conditional_open;
}

bool closes(TokenKind kind) {
  return kind == TokenKind::right_paren || kind == TokenKind::right_bracket ||
         kind == TokenKind::right_brace || kind == TokenKind::conditional_close;
}

}  // namespace

// @define NAME %( BODY %), @define NAME(A, B) %( BODY %)
std::size_t Expander::define(std::size_t at, const Frame* frame) {
  constexpr std::string_view form = "a macro is @define NAME(PARAMETERS) %( BODY %)";
  const Token& word = tokens_[at++];
  if (frame != nullptr) fault("nested-define", word.span, "`@define` inside a macro", "", frame);
  if (!is_word(kind(at))) {
    fault("bad-define", word.span, "expected the name of a macro after `@define`",
          std::string(form), frame);
    return skip_definition(at);
  }
  const std::size_t name = at++;
  Macro macro{tokens_[name].span, {}, {}};
  if (kind(at) == TokenKind::left_paren) {
    const std::size_t open = at;
    at = parameters(at, macro);
    if (at == open) {
      broken_.insert(text(name));
      return skip_definition(at);
    }
  }
  if (kind(at) != TokenKind::conditional_open || marks(at).then != 0) {
    fault("bad-define", macro.span, fmt::format("expected the body of macro `{}`", text(name)),
          std::string(form), frame);
    broken_.insert(text(name));
    return at;
  }
  macro.body = {at + 1, marks(at).close};
  const auto [known, is_new] = macros_.try_emplace(text(name), macro);
  if (!is_new && is_of_tapset(known->second.span)) {
    known->second = macro;
  } else if (!is_new) {
    add({"macro-redefined",
         Severity::parse_error,
         macro.span,
         fmt::format("macro `{}` is defined already", text(name)),
         "",
         {{known->second.span, "first defined here"}}});
  }
  return macro.body.end + 1;
}

// Such a definition gives way to any other.
bool Expander::is_of_tapset(Span definition) const {
  return std::ranges::find(invocation_.macro_sources, definition.source) !=
         invocation_.macro_sources.end();
}

// Behind the body that follows shortly, if one does.
std::size_t Expander::skip_definition(std::size_t at) const {
  constexpr std::size_t reach = 32;
  for (std::size_t i = at; i < at + reach && i < tokens_.size(); ++i) {
    if (kind(i) == TokenKind::conditional_open) return marks(i).then == 0 ? marks(i).close + 1 : at;
  }
  return at;
}

// Behind the parameters; `at`, with a diagnostic, when they are none.
std::size_t Expander::parameters(std::size_t at, Macro& macro) {
  std::size_t next = at;
  if (kind(at + 1) == TokenKind::right_paren) return at + 2;
  do {
    if (!is_word(kind(++next))) break;
    const std::string_view name = text(next++);
    if (std::find(macro.parameters.begin(), macro.parameters.end(), name) !=
        macro.parameters.end()) {
      fault("bad-define", tokens_[next - 1].span, "a parameter of this name is there already", "",
            nullptr);
      return at;
    }
    macro.parameters.push_back(name);
  } while (kind(next) == TokenKind::comma);
  if (kind(next) == TokenKind::right_paren) return next + 1;
  fault("bad-define", tokens_[at].span, "expected names of parameters, separated by commas", "",
        nullptr);
  return at;
}

std::size_t Expander::invoke(std::size_t at, Range range, const Macro& macro, const Frame* frame,
                             std::vector<Token>& out) {
  const Token call = tokens_[at];
  Frame inner{&macro, call.span, {}, frame, frame == nullptr ? 1 : frame->depth + 1};
  const std::size_t next = macro.parameters.empty() ? at + 1 : arguments(at, range, macro, inner);
  if (inner.arguments.size() != macro.parameters.size() || !can_invoke(inner)) return next;

  const std::size_t first = out.size();
  expand(macro.body, &inner, out);
  if (out.size() > first) out[first].glued = call.glued;
  if (frame == nullptr) rename(first, call, out);
  return next;
}

// Binds the parameters; leaves them unbound, with a diagnostic, when the numbers do not agree.
std::size_t Expander::arguments(std::size_t at, Range range, const Macro& macro, Frame& frame) {
  if (at + 1 >= range.end || kind(at + 1) != TokenKind::left_paren) {
    fault("bad-macro-arguments", tokens_[at].span,
          fmt::format("macro `{}` needs arguments in parentheses", text(at)), "", frame.outer);
    return at + 1;
  }
  std::size_t close = 0;
  const std::vector<Range> ranges = argument_ranges(at + 1, range.end, close);
  if (close == 0) {
    fault("bad-macro-arguments", tokens_[at + 1].span,
          fmt::format("the arguments of macro `{}` are not closed", text(at)),
          "close them with `)`", frame.outer);
    return range.end;
  }
  if (!spend(close - at, tokens_[at].span)) return range.end;
  if (ranges.size() != macro.parameters.size()) {
    fault("bad-macro-arguments", tokens_[at].span,
          fmt::format("macro `{}` takes {} argument{}, {} given", text(at), macro.parameters.size(),
                      macro.parameters.size() == 1 ? "" : "s", ranges.size()),
          "", frame.outer);
    return close + 1;
  }
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    Argument& argument = frame.arguments[macro.parameters[i]];
    expand(ranges[i], frame.outer, argument.tokens);
    for (const Token& token : argument.tokens) argument.cost += cost_of(token);
  }
  return close + 1;
}

// Commas inside brackets of any kind belong to the argument.
std::vector<Expander::Range> Expander::argument_ranges(std::size_t open, std::size_t end,
                                                       std::size_t& close) const {
  std::vector<Range> ranges;
  std::size_t begin = open + 1;
  int nesting = 1;
  for (std::size_t i = begin; i < end; ++i) {
    if (opens(kind(i))) ++nesting;
    if (closes(kind(i))) --nesting;
    if (nesting == 0 || (nesting == 1 && kind(i) == TokenKind::comma)) {
      ranges.push_back({begin, i});
      begin = i + 1;
    }
    if (nesting == 0) {
      close = i;
      break;
    }
  }
  return ranges;
}

bool Expander::can_invoke(const Frame& frame) {
  for (const Frame* outer = frame.outer; outer != nullptr; outer = outer->outer) {
    if (outer->macro == frame.macro) {
      fault("recursive-macro", frame.call,
            fmt::format("macro `{}` uses itself", sources_.text(frame.call)), "", frame.outer);
      return false;
    }
  }
  if (frame.depth > max_macro_depth) {
    fault("expansion-too-large", frame.call, "macros use macros too deeply", "", frame.outer);
    return false;
  }
  return true;
}

// Gives what a macro expanded to a text of its own, so that diagnostics show what the parser saw,
// and where it came from.
void Expander::rename(std::size_t first, const Token& call, std::vector<Token>& out) {
  constexpr std::size_t line_width = 80;
  std::string expansion;
  std::size_t line_begin = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
  for (std::size_t i = first; i < out.size(); ++i) {
    const std::string_view spelling = sources_.text(out[i].span);
    if (!out[i].glued && i > first) {
      const bool full = expansion.size() - line_begin + spelling.size() > line_width;
      expansion += full ? '\n' : ' ';
      if (full) line_begin = expansion.size();
    }
    const auto begin = static_cast<std::uint32_t>(expansion.size());
    expansion += spelling;
    places.emplace_back(begin, static_cast<std::uint32_t>(expansion.size()));
  }
  if (places.empty()) return;
  const std::uint32_t source = sources_.add(
      fmt::format("<macro {} at {}>", sources_.text(call.span), sources_.describe(call.span)),
      std::move(expansion));
  for (std::size_t i = first; i < out.size(); ++i) {
    out[i].span = {source, places[i - first].first, places[i - first].second};
  }
}

void Expander::unknown_macro(const Token& token, const Frame* frame) {
  const std::string_view word = sources_.text(token.span);
  ++faults_;
  if (broken_.count(macro_name(word)) != 0) return;
  if (!reported_.insert(word).second) return;
  std::vector<std::string> known;
  for (const auto& [name, macro] : macros_) known.push_back("@" + std::string(name));
  known.insert(known.end(), at_operators().begin(), at_operators().end());
  const auto near = nearest(word, {known.begin(), known.end()});
  fault("unknown-macro", token.span, fmt::format("unknown macro or operator `{}`", word),
        near ? fmt::format("did you mean `{}`?", *near) : "define macros before their use", frame);
}

}  // namespace socktap::language
