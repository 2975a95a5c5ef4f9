// Text as roff reads it, by the macros of man(7).
#pragma once

#include <string>
#include <string_view>

namespace socktap::manual {

// So that it reads as it stands: minus signs, quotes and backslashes are kept, and a line's first
// character commands nothing.
std::string escaped(std::string_view text);

std::string bold(std::string_view text);     // escaped, too
std::string italics(std::string_view text);  // escaped, too

// The lines of an example, as they stand.
std::string example(std::string_view lines);

}  // namespace socktap::manual
