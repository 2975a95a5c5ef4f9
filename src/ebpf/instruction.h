// eBPF's instructions as values: what kernels since 5.10 run, as far as compiled handlers need it.
//
// Arithmetic and comparisons are on 64 bits. Immediates are sign-extended from 32 bits and offsets
// into memory and of jumps have 16; what does not fit is refused when a program is marshalled.
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <limits>
#include <variant>

namespace socktap::ebpf {

// r0 returns, r1 to r5 are a helper's arguments and lost by the call, r10 is the frame's end and
// cannot be written.
enum class Register : std::uint8_t { r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10 };

enum class AluOperator : std::uint8_t {
#define SOCKTAP_ALU(name, code, text) name,
#include "ebpf/operators.def"
};
enum class Condition : std::uint8_t {
#define SOCKTAP_CONDITION(name, code, text) name,
#include "ebpf/operators.def"
};
enum class Size : std::uint8_t {
#define SOCKTAP_SIZE(name, code, bytes) name,
#include "ebpf/operators.def"
};
enum class ByteOrder : std::uint8_t { little, big };

// Any BPF_FUNC_ is a value of it; those listed have a name.
enum class Helper : std::int32_t {
#define SOCKTAP_HELPER(name) name = BPF_FUNC_##name,
#include "ebpf/operators.def"
};

// A place to jump to, symbolic until marshalled.
struct Label {
  std::uint32_t number = 0;
  bool operator==(const Label&) const = default;
};

using Operand = std::variant<Register, std::int64_t>;  // or an immediate

struct Move {
  Register to;
  Operand from;
  bool operator==(const Move&) const = default;
};

// Takes two slots, as do LoadMap and LoadMapValue.
struct MoveWide {
  Register to;
  std::uint64_t value;
  bool operator==(const MoveWide&) const = default;
};

// The map itself, as helpers take it. Maps are numbers until the loader knows their descriptors.
struct LoadMap {
  Register to;
  std::uint32_t map;
  bool operator==(const LoadMap&) const = default;
};

// The address of `offset` in the value of an array map's first element.
struct LoadMapValue {
  Register to;
  std::uint32_t map;
  std::uint32_t offset;
  bool operator==(const LoadMapValue&) const = default;
};

// to = to op from. What is divided by zero is zero, its remainder what it was; shifts by a register
// look at its low 6 bits.
struct Alu {
  AluOperator op;
  Register to;
  Operand from;
  bool operator==(const Alu&) const = default;
};

struct Negate {
  Register to;
  bool operator==(const Negate&) const = default;
};

// Converts the low 16, 32 or 64 bits between the machine's byte order and `order`; those above
// become zero.
struct SwapBytes {
  ByteOrder order;
  Size size;
  Register to;
  bool operator==(const SwapBytes&) const = default;
};

// Extends with zeros.
struct Load {
  Size size;
  Register to;
  Register base;
  std::int32_t offset;
  bool operator==(const Load&) const = default;
};

struct Store {
  Size size;
  Register base;
  std::int32_t offset;
  Operand from;
  bool operator==(const Store&) const = default;
};

// Of u32 and u64 only. The sum is not fetched.
struct AtomicAdd {
  Size size;
  Register base;
  std::int32_t offset;
  Register from;
  bool operator==(const AtomicAdd&) const = default;
};

struct Jump {
  Label target;
  bool operator==(const Jump&) const = default;
};

struct JumpIf {
  Condition condition;
  Register left;
  Operand right;
  Label target;
  bool operator==(const JumpIf&) const = default;
};

struct CallHelper {
  Helper helper;
  bool operator==(const CallHelper&) const = default;
};

struct Exit {
  bool operator==(const Exit&) const = default;
};

using Instruction = std::variant<Move, MoveWide, LoadMap, LoadMapValue, Alu, Negate, SwapBytes,
                                 Load, Store, AtomicAdd, Jump, JumpIf, CallHelper, Exit>;

// Whether a number can be an immediate.
constexpr bool is_immediate(std::int64_t number) {
  return number >= std::numeric_limits<std::int32_t>::min() &&
         number <= std::numeric_limits<std::int32_t>::max();
}

// The move of a number, whichever it takes.
inline Instruction move_of(Register to, std::int64_t number) {
  if (is_immediate(number)) return Move{to, number};
  return MoveWide{to, static_cast<std::uint64_t>(number)};
}

// How many bpf_insn it is marshalled to: 1 or 2. Jumps and the verifier's messages count them.
inline std::uint32_t slots(const Instruction& instruction) {
  const bool wide = std::holds_alternative<MoveWide>(instruction) ||
                    std::holds_alternative<LoadMap>(instruction) ||
                    std::holds_alternative<LoadMapValue>(instruction);
  return wide ? 2 : 1;
}

}  // namespace socktap::ebpf
