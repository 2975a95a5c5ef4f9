// The machine's code. Placeholder shape: the vm folder defines it.
#pragma once

namespace socktap::vm {
struct Code;
}  // namespace socktap::vm
