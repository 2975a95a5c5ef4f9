// One token of a script. Placeholder shape: the language folder defines it.
#pragma once

namespace socktap::language {
struct Token;
}  // namespace socktap::language
