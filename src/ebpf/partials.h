// Reads what a script's part of the programs kept in a CPU's memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ebpf/script_memory.h"
#include "plan/partial.h"
#include "plan/plan.h"

namespace socktap::ebpf {

// Appends what one copy of the tables (0 or 1) holds to `partials` and leaves it empty, and what
// was refused of threads' elements. Nobody may write to that copy meanwhile.
void take_partials(const plan::Plan& plan, const MemoryLayout& layout, std::span<std::byte> memory,
                   unsigned copy, plan::Partials& partials);

// Whether there was no entry for an update in that copy, or of a thread's.
bool has_refused(const MemoryLayout& layout, std::span<const std::byte> memory, unsigned copy);

}  // namespace socktap::ebpf
