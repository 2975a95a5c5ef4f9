// The PID namespace that a run's numbers are of.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace socktap::sources::ebpf {

// Socktap's PID namespace as struct socktap_settings wants it: 0 for the root's.
Result<std::uint32_t> pid_namespace();

}  // namespace socktap::sources::ebpf
