// Man pages and completions are texts with places for what the tables say.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace socktap::manual {

// The text, but for
//   .EX ... .EE   whose lines stand as they are: they are escaped for roff,
//   @VERSION@     anywhere, and
//   @NAME@        alone on a line, which stands for a table. Fails on one that is not known.
Result<std::string> fill(std::string_view text);

}  // namespace socktap::manual
