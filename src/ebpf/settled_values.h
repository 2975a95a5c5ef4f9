// Tells a script's part of the programs what the settled globals are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ebpf/script_memory.h"
#include "plan/plan.h"

namespace socktap::ebpf {

// Writes them into a CPU's memory, once, before the part is told that it may keep things. `secret`:
// as the part was compiled with. Keys that no event can have are left out.
void write_settled(const plan::Plan& plan, const MemoryLayout& layout,
                   const plan::SettledValues& values, std::uint64_t secret,
                   std::span<std::byte> memory);

}  // namespace socktap::ebpf
