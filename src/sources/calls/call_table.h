// Which system call has which number: for the machine's own programs and for the 32-bit ones that
// it also runs.
#pragma once

#include <linux/types.h>

#include <array>
#include <cstdint>

#include "sources/calls/call_kind.h"

namespace socktap::sources {

// An enum socktap_call for every number.
using CallTable = std::array<std::uint8_t, SOCKTAP_CALL_NUMBERS>;

const CallTable& native_calls();
const CallTable& compat_calls();

}  // namespace socktap::sources
