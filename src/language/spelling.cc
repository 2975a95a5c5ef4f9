#include "language/spelling.h"

namespace socktap::language::ast {

std::string_view spelling(UnaryOp op) {
  constexpr std::string_view spellings[] = {"+", "-", "!", "~"};
  return spellings[static_cast<std::size_t>(op)];
}

std::string_view spelling(BinaryOp op) {
  constexpr std::string_view spellings[] = {
      "+", "-",  "*",  "/",  "%",  "<<", ">>", ">>>", "&",  "|",
      "^", "&&", "||", "==", "!=", "<",  "<=", ">",   ">=", "."};
  return spellings[static_cast<std::size_t>(op)];
}

std::string_view spelling(AssignOp op) {
  constexpr std::string_view spellings[] = {
      "=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^=", ".=", "<<<"};
  return spellings[static_cast<std::size_t>(op)];
}

}  // namespace socktap::language::ast
