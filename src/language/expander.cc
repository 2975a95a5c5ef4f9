#include "language/expander.h"

#include <fmt/format.h>

#include "language/condition.h"

namespace socktap::language {
namespace {

// What one script may expand to, in tokens looked at, a long one counting as several; macros that
// call two macros that call two macros ... would else never end.
constexpr std::size_t budget_of_any = 200'000;
constexpr std::size_t budget_per_token = 20;
constexpr std::size_t bytes_per_token = 16;

constexpr int max_nesting = 256;

}  // namespace

std::size_t Expander::cost_of(const Token& token) {
  return 1 + (token.span.end - token.span.begin) / bytes_per_token;
}

Expander::Expander(std::vector<Token> tokens, SourceMap& sources, const Invocation& invocation,
                   Diagnostics& diagnostics)
    : tokens_(std::move(tokens)),
      sources_(sources),
      invocation_(invocation),
      diagnostics_(diagnostics) {}

std::vector<Token> Expander::run() {
  std::vector<Token> out;
  if (!find_marks()) return out;
  out.reserve(tokens_.size());
  expand({0, tokens_.size()}, nullptr, out);
  return out;
}

// Pairs up %( %? %: %), and says which have no partner.
bool Expander::find_marks() {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const TokenKind mark = kind(i);
    if (mark == TokenKind::conditional_open) {
      open.push_back(i);
      marks_.emplace(i, Marks{});
    } else if (mark == TokenKind::conditional_then || mark == TokenKind::conditional_else ||
               mark == TokenKind::conditional_close) {
      Marks* marks = open.empty() ? nullptr : &marks_[open.back()];
      const bool is_then = mark == TokenKind::conditional_then;
      const bool is_else = mark == TokenKind::conditional_else;
      if (marks == nullptr || (is_then && marks->then != 0) ||
          (is_else && (marks->then == 0 || marks->otherwise != 0))) {
        fault("misplaced-conditional", tokens_[i].span, fmt::format("misplaced {}", title(mark)),
              "a conditional is %( condition %? tokens %: tokens %)", nullptr);
        return false;
      }
      (is_then ? marks->then : is_else ? marks->otherwise : marks->close) = i;
      if (!is_then && !is_else) open.pop_back();
    }
  }
  if (open.empty()) return true;
  fault("unterminated-conditional", tokens_[open.back()].span, "`%(` is not closed",
        "close it with `%)`", nullptr);
  return false;
}

void Expander::expand(Range range, const Frame* frame, std::vector<Token>& out) {
  if (range.begin == range.end) return;
  if (++nesting_ > max_nesting && !exhausted_) {
    exhausted_ = true;
    fault("nested-too-deeply", tokens_[range.begin].span,
          fmt::format("macros and conditionals nested more than {} levels deep", max_nesting), "",
          nullptr);
  }
  for (std::size_t at = range.begin; at < range.end && !exhausted_;) {
    const Token& token = tokens_[at];
    if (!spend(cost_of(token), token.span)) break;
    switch (token.kind) {
      case TokenKind::at_word:
        at = at_word(at, range, frame, out);
        break;
      case TokenKind::conditional_open:
        at = conditional(at, frame, out);
        break;
      case TokenKind::argument_text:
      case TokenKind::argument_string:
        if (reported_.insert(text(at)).second) {
          add(missing_argument(token, sources_, invocation_));
        }
        ++at;
        break;
      default:
        out.push_back(token);
        ++at;
    }
  }
  --nesting_;
}

std::size_t Expander::at_word(std::size_t at, Range range, const Frame* frame,
                              std::vector<Token>& out) {
  const std::string_view word = text(at);
  if (word == "@define") return define(at, frame);
  if (frame != nullptr) {
    const auto argument = frame->arguments.find(macro_name(word));
    if (argument != frame->arguments.end()) {
      const std::size_t first = out.size();
      const auto& [tokens, cost] = argument->second;
      if (!spend(cost, tokens_[at].span)) return range.end;
      out.insert(out.end(), tokens.begin(), tokens.end());
      if (out.size() > first) out[first].glued = tokens_[at].glued;
      return at + 1;
    }
  }
  const auto macro = macros_.find(macro_name(word));
  if (macro != macros_.end()) return invoke(at, range, macro->second, frame, out);
  if (is_at_operator(word) || is_foreign_macro(word)) {
    out.push_back(tokens_[at]);
  } else {
    unknown_macro(tokens_[at], frame);
  }
  return at + 1;
}

std::size_t Expander::conditional(std::size_t at, const Frame* frame, std::vector<Token>& out) {
  const Marks marks = marks_.at(at);
  const std::size_t next = marks.close + 1;
  if (marks.then == 0) {
    fault("bad-condition", tokens_[at].span, "expected `%?` after the condition",
          "a conditional is %( condition %? tokens %: tokens %)", frame);
    return next;
  }
  const std::size_t faults = faults_;
  const std::vector<Token> condition = condition_tokens({at + 1, marks.then}, frame);
  const bool holds = faults == faults_ && condition_holds(condition, tokens_[at].span, sources_,
                                                          invocation_, diagnostics_);
  const std::size_t then_end = marks.otherwise != 0 ? marks.otherwise : marks.close;
  if (holds) {
    expand({marks.then + 1, then_end}, frame, out);
  } else if (marks.otherwise != 0) {
    expand({marks.otherwise + 1, marks.close}, frame, out);
  }
  return next;
}

// Missing arguments stay: whether they matter depends on the other side of && and ||.
std::vector<Token> Expander::condition_tokens(Range range, const Frame* frame) {
  std::vector<Token> out;
  for (std::size_t at = range.begin; at < range.end && !exhausted_;) {
    const bool asked_for = at >= range.begin + 2 && text(at - 2) == "defined" &&
                           macros_.count(macro_name(text(at))) == 0;
    if (kind(at) == TokenKind::at_word && !asked_for) {
      at = at_word(at, range, frame, out);
    } else if (kind(at) == TokenKind::conditional_open) {
      at = conditional(at, frame, out);
    } else {
      out.push_back(tokens_[at++]);
    }
    if (!spend(1, tokens_[range.begin].span)) break;
  }
  return out;
}

bool Expander::spend(std::size_t amount, Span span) {
  const std::size_t budget = budget_of_any + budget_per_token * tokens_.size();
  spent_ += amount;
  if (spent_ > budget && !exhausted_) {
    exhausted_ = true;
    fault("expansion-too-large", span, fmt::format("macros expand to more than {} tokens", budget),
          "", nullptr);
  }
  return !exhausted_;
}

Diagnostic& Expander::add(Diagnostic diagnostic) {
  Diagnostic& added = diagnostics_.add(std::move(diagnostic));
  exhausted_ |= diagnostics_.error_count() >= max_errors;
  return added;
}

void Expander::fault(DiagnosticName name, Span span, std::string message, std::string hint,
                     const Frame* frame) {
  ++faults_;
  Diagnostic& diagnostic =
      add({name, Severity::parse_error, span, std::move(message), std::move(hint), {}});
  constexpr int shown = 3;
  for (int i = 0; frame != nullptr && i < shown; frame = frame->outer, ++i) {
    diagnostic.notes.push_back(
        {frame->call, fmt::format("in the use of macro `{}`", sources_.text(frame->call))});
  }
}

}  // namespace socktap::language
