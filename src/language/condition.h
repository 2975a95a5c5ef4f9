// The conditions of %( condition %? ... %: ... %): comparisons joined by && and ||.
#pragma once

#include <vector>

#include "language/language.h"

namespace socktap::language {

// Whether the condition that `tokens` spell holds. Macros are expanded in them; `place` is what a
// diagnostic points at when there is nothing better. After a mistake, which is reported to
// `diagnostics`, the answer is no.
bool condition_holds(const std::vector<Token>& tokens, Span place, const SourceMap& sources,
                     const Invocation& invocation, Diagnostics& diagnostics);

// "x86_64" for what uname calls "amd64", and so on: the names that scripts compare `arch` with.
std::string script_architecture(std::string_view machine);

// What a missing $n or @n is answered with, wherever it turns up.
Diagnostic missing_argument(const Token& token, const SourceMap& sources,
                            const Invocation& invocation);

}  // namespace socktap::language
