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

// Of a pattern whose stars are all `*`, or all `**`: what stands between two stars is best where it
// is found first, so only the last star's text ever grows.
bool matches_one_kind(std::string_view pattern, std::string_view name, bool any) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t p = 0, behind_star = none, star_ends = 0;
  for (std::size_t n = 0; n < name.size();) {
    if (p < pattern.size() && pattern[p] == '*') {
      p += any ? 2 : 1;
      behind_star = p;
      star_ends = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else {
      if (behind_star == none || (!any && name[star_ends] == '.')) return false;
      p = behind_star;
      n = ++star_ends;
    }
  }
  return pattern.find_first_not_of('*', p) == none;
}

// Column by column over the pattern: reached[i] says whether the pattern so far matches the first
// i characters of the name.
bool matches_both_kinds(std::string_view pattern, std::string_view name) {
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

// Which kinds of stars a pattern has, read from the left as `matches` does.
struct Stars {
  bool one = false, two = false;
};

Stars stars_of(std::string_view pattern) {
  Stars found;
  for (std::size_t p = pattern.find('*'); p != std::string_view::npos; p = pattern.find('*', p)) {
    const bool two = pattern.substr(p, 2) == "**";
    (two ? found.two : found.one) = true;
    p += two ? 2 : 1;
  }
  return found;
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

std::string_view literal_prefix(std::string_view pattern) {
  return pattern.substr(0, pattern.find('*'));
}

bool matches(std::string_view pattern, std::string_view name) {
  const std::string_view prefix = literal_prefix(pattern);
  if (!name.starts_with(prefix)) return false;
  pattern.remove_prefix(prefix.size());
  name.remove_prefix(prefix.size());
  if (pattern.empty()) return name.empty();
  const std::string_view end = pattern.substr(pattern.rfind('*') + 1);
  if (!name.ends_with(end)) return false;
  const Stars stars = stars_of(pattern);
  if (!(stars.one && stars.two)) return matches_one_kind(pattern, name, stars.two);
  return matches_both_kinds(pattern, name);
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
