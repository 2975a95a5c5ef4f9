// The part of a plan that says which events are wanted at all, as a program.
#pragma once

#include <cstdint>
#include <optional>

#include "ebpf/program.h"
#include "plan/plan.h"

namespace socktap::ebpf {

// Expects the record's address in r1 and leaves in r0 whether some handler of the plan may do
// something with it; uses r0 to r8 and no stack, calls nothing, and ends behind its last
// instruction instead of with an exit. `target`: what target() is, 0 if there is none. nullopt:
// every event that the plan asks for is wanted.
std::optional<Program> compile_filter(const plan::Plan& plan, std::int64_t target);

}  // namespace socktap::ebpf
