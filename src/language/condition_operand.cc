#include "language/condition_operand.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace socktap::language {
namespace {

using Kind = ConditionOperand::Kind;

bool has_wildcard(const std::string& text) { return text.find_first_of("*?[") != text.npos; }

// The whole of a text as a number, in any of C's bases; nothing is 0.
std::optional<std::int64_t> as_number(const std::string& text) {
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(text.c_str(), &end, 0);
  if (errno != 0 || *end != '\0') return std::nullopt;
  return value;
}

bool ordered(int difference, TokenKind op) {
  switch (op) {
    case TokenKind::less:
      return difference < 0;
    case TokenKind::less_equal:
      return difference <= 0;
    case TokenKind::greater:
      return difference > 0;
    case TokenKind::greater_equal:
      return difference >= 0;
    case TokenKind::equal:
      return difference == 0;
    default:
      return difference != 0;
  }
}

bool ordered(std::int64_t left, TokenKind op, std::int64_t right) {
  return ordered(left < right ? -1 : left > right ? 1 : 0, op);
}

// Two options are numbers only if both look so.
bool compare_options(const std::string& left, TokenKind op, const std::string& right) {
  const auto left_number = as_number(left);
  const auto right_number = as_number(right);
  if (left_number && right_number) return ordered(*left_number, op, *right_number);
  return ordered(left.compare(right), op);
}

bool compare_texts(const ConditionOperand& left, TokenKind op, const std::string& right) {
  const bool equality = op == TokenKind::equal || op == TokenKind::not_equal;
  if (equality && left.kind != Kind::string && has_wildcard(right)) {
    const bool matches = fnmatch(right.c_str(), left.text.c_str(), FNM_NOESCAPE) == 0;
    return matches == (op == TokenKind::equal);
  }
  if (left.kind == Kind::version) return ordered(strverscmp(left.text.c_str(), right.c_str()), op);
  return ordered(left.text.compare(right), op);
}

}  // namespace

std::optional<ConditionMistake> find_mistake(const ConditionOperand& left,
                                             const ConditionOperand& right) {
  if (left.is_text() == right.is_text()) return std::nullopt;
  if (!left.is_text()) return ConditionMistake{right.span, "expected a number to compare with"};
  if (left.kind != Kind::pattern)
    return ConditionMistake{right.span, "expected a string to compare with"};
  if (as_number(left.text)) return std::nullopt;
  return ConditionMistake{left.span, fmt::format("this is \"{}\" here: no number", left.text)};
}

bool compare(const ConditionOperand& left, TokenKind op, const ConditionOperand& right) {
  if (left.kind == Kind::pattern && right.kind == Kind::pattern)
    return compare_options(left.text, op, right.text);
  if (!right.is_text())
    return ordered(left.is_text() ? as_number(left.text).value_or(0) : left.number, op,
                   right.number);
  return compare_texts(left, op, right.text);
}

}  // namespace socktap::language
