// Programs as the kernel takes them, but for the descriptors of their maps.
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "ebpf/program.h"

namespace socktap::ebpf {

// A wide load whose `imm` is the number of a map, to be replaced by that map's descriptor. All else
// about the instruction is as it must be, the offset into the value included.
struct Relocation {
  enum class Kind : std::uint8_t { descriptor, value };
  std::uint32_t at;  // of the bpf_insn, the first of two
  std::uint32_t map;
  Kind kind;
  std::uint32_t offset;  // into the value; 0 of a descriptor

  bool operator==(const Relocation&) const = default;
};

struct Marshalled {
  std::vector<bpf_insn> instructions;
  std::vector<Relocation> relocations;  // ascending by `at`
};

// Fails where the program cannot be written down: a label that is bound twice, or jumped to and not
// bound before an instruction; jumps and offsets beyond 16 bits, immediates beyond 32 bits with
// sign; and constants that no kernel accepts: division by zero, shifts by 64 bits and more, swapped
// bytes and atomic additions of sizes that do not exist. Whether it is safe is for the verifier.
Result<Marshalled> marshal(const Program& program);

}  // namespace socktap::ebpf
