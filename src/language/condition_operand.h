// The sides of the comparisons in %( %) conditions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/source_map.h"
#include "language/token.h"

namespace socktap::language {

// Names of the environment say how they want to be compared: kernel_v as a version, arch and
// CONFIG_... as what a pattern may match.
struct ConditionOperand {
  enum class Kind : std::uint8_t { number, string, version, pattern };
  Kind kind = Kind::number;
  std::int64_t number = 0;
  std::string text;
  Span span;

  bool is_text() const { return kind != Kind::number; }
};

struct ConditionMistake {
  Span span;
  std::string message;
};

// What keeps the two from being compared.
std::optional<ConditionMistake> find_mistake(const ConditionOperand& left,
                                             const ConditionOperand& right);

// Whether `left op right` holds, of two without mistake.
bool compare(const ConditionOperand& left, TokenKind op, const ConditionOperand& right);

}  // namespace socktap::language
