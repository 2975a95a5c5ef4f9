// The names of probe points as dotted texts: printing, matching, and what their arguments are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "language/ast.h"

namespace socktap::language::semantics {

// Pointers, because the suffix of an alias is joined to the points that the alias stands for.
using Components = std::span<const ast::PointComponent* const>;

// "timer.s(1).randomize(5)": as pp() says it.
std::string full_text(Components components);

// "timer.s.randomize": without arguments.
std::string dotted(Components components);

bool has_wildcard(Components components);

// What all names begin with that match the pattern.
std::string_view literal_prefix(std::string_view pattern);

// Whether `name` matches `pattern`: `*` is any text within one component, `**` any text.
bool matches(std::string_view pattern, std::string_view name);

// The value of a number written out, with or without a minus.
std::optional<std::int64_t> literal_number(const ast::Expr* expression);

// How many components a dotted name has.
std::size_t component_count(std::string_view name);

}  // namespace socktap::language::semantics
