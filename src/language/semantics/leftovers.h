// What can be said only when everything has been seen: types that nothing decides, names that are
// never assigned or never used, values from the command line.
#pragma once

#include "language/language.h"
#include "language/semantics/inference.h"

namespace socktap::language::semantics {

// -G NAME=VALUE. A global whose type the script leaves open takes that of the value.
void apply_overrides(const Invocation& invocation, Symbols& symbols, TypeTable& types,
                     Reporter& reporter);

void check_leftovers(const Inference& inference, const Symbols& symbols, TypeTable& types,
                     Reporter& reporter);

}  // namespace socktap::language::semantics
