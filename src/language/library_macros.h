// The macros that scripts may use without defining them, written in the language itself.
#pragma once

#include <string>
#include <string_view>

namespace socktap::language {

// The definition of the macro `name` and of what it needs; empty when the library has none.
std::string library_macro(std::string_view name);

}  // namespace socktap::language
