// Text made printable, as text_str() and its kin print it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace socktap {

// Appends `text` to `out`: printable ASCII as it is, quotes, backslashes and control characters as
// in a C literal, characters beyond ASCII that are well-formed UTF-8 as \uXXXX or \UXXXXXXXX, all
// other bytes in octal. No escape is cut in half.
//
// At most `limit` bytes are appended, and with `quoted` they count the double quotes around it; if
// not all of the text fits, "..." then follows the closing quote (a limit below 5 counts as 5), but
// not where what is left begins with a zero byte.
void append_escaped(std::string_view text, std::size_t limit, bool quoted, std::string& out);

}  // namespace socktap
