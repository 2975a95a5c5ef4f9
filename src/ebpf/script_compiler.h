// The part of a plan that runs where events arise, as a program: it keeps what the plan keeps there
// and tells which events are to be sent.
#pragma once

#include <cstdint>
#include <optional>

#include "ebpf/program.h"
#include "ebpf/script_memory.h"
#include "plan/plan.h"

namespace socktap::ebpf {

struct ScriptOptions {
  std::int64_t target = 0;   // what target() is, 0 if there is none
  std::uint64_t secret = 0;  // a random number, which the places of keys depend on
  bool keeps = true;         // false: events are sent instead, for the machine to handle
};

// Expects the record's address in r1 and that of the CPU's memory in r2, which only a program that
// keeps something looks at; leaves SOCKTAP_SCRIPT_ bits in r0. Uses r0 to r9 and no stack, and ends
// behind its last instruction instead of with an exit. Map i is a hash map for the plan's thread
// array i, of size_of() its key and 8 bytes. nullopt: every event that the plan asks for is wanted,
// and nothing is kept.
std::optional<Program> compile_script(const plan::Plan& plan, const ScriptOptions& options);

}  // namespace socktap::ebpf
