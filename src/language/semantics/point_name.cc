#include "language/semantics/point_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace socktap::language::semantics {
namespace {

std::string argument_text(const ast::Expr& argument) {
  if (const auto value = literal_number(&argument)) return fmt::format("({})", *value);
  if (const auto* text = std::get_if<ast::String>(&argument.node))
    return fmt::format("(\"{}\")", text->value);
  return "(...)";
}

}  // namespace

std::string full_text(Components components) {
  std::string text;
  for (const ast::PointComponent* component : components) {
    if (!text.empty()) text += '.';
    text += component->name;
    if (component->argument) text += argument_text(*component->argument);
  }
  return text;
}

std::string dotted(Components components) {
  std::string text;
  for (const ast::PointComponent* component : components) {
    if (!text.empty()) text += '.';
    text += component->name;
  }
  return text;
}

bool has_wildcard(Components components) {
  return std::ranges::any_of(components, [](const ast::PointComponent* component) {
    return component->name.find('*') != std::string::npos;
  });
}

// Column by column over the pattern: reached[i] says whether the pattern so far matches the first
// i characters of the name.
bool matches(std::string_view pattern, std::string_view name) {
  std::vector<bool> reached(name.size() + 1, false);
  reached[0] = true;
  for (std::size_t p = 0; p < pattern.size(); ++p) {
    if (pattern[p] == '*') {
      const bool any = p + 1 < pattern.size() && pattern[p + 1] == '*';
      if (any) ++p;
      for (std::size_t i = 0; i < name.size(); ++i)
        if (reached[i] && (any || name[i] != '.')) reached[i + 1] = true;
    } else {
      for (std::size_t i = name.size(); i-- > 0;)
        reached[i + 1] = reached[i] && name[i] == pattern[p];
      reached[0] = false;
    }
  }
  return reached[name.size()];
}

std::optional<std::int64_t> literal_number(const ast::Expr* expression) {
  if (expression == nullptr) return std::nullopt;
  if (const auto* number = std::get_if<ast::Number>(&expression->node)) return number->value;
  const auto* unary = std::get_if<ast::Unary>(&expression->node);
  if (unary == nullptr || unary->op != ast::UnaryOp::minus || !unary->operand) return std::nullopt;
  const auto* number = std::get_if<ast::Number>(&unary->operand->node);
  if (number == nullptr) return std::nullopt;
  return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(number->value));
}

std::size_t component_count(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count(name, '.')) + 1;
}

}  // namespace socktap::language::semantics
