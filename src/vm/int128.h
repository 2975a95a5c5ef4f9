// Numbers of 128 bits, which GCC and clang have on every 64-bit machine.
#pragma once

namespace socktap::vm {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

}  // namespace socktap::vm
