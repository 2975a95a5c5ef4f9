#include "ebpf/decode.h"

#include <fmt/format.h>

#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "ebpf/marshal.h"
#include "ebpf/operators.h"

namespace socktap::ebpf {
namespace {

constexpr std::uint8_t last_register = 10;

Register to(const bpf_insn& raw) { return static_cast<Register>(raw.dst_reg); }
Register from(const bpf_insn& raw) { return static_cast<Register>(raw.src_reg); }

Operand operand(const bpf_insn& raw) {
  if (BPF_SRC(raw.code) == BPF_X) return from(raw);
  return std::int64_t{raw.imm};
}

using Decoded = std::optional<Instruction>;

Decoded arithmetic(const bpf_insn& raw) {
  if (BPF_OP(raw.code) == BPF_MOV) return Move{to(raw), operand(raw)};
  if (BPF_OP(raw.code) == BPF_NEG) return Negate{to(raw)};
  const auto op = alu_operator(BPF_OP(raw.code));
  if (!op) return std::nullopt;
  return Alu{*op, to(raw), operand(raw)};
}

// Of the class of arithmetic on 32 bits, only this is known.
Decoded swap_bytes(const bpf_insn& raw) {
  const auto swapped = size_of_bits(raw.imm);
  if (BPF_OP(raw.code) != BPF_END || !swapped) return std::nullopt;
  const bool big = BPF_SRC(raw.code) == BPF_TO_BE;
  return SwapBytes{big ? ByteOrder::big : ByteOrder::little, *swapped, to(raw)};
}

Decoded load(const bpf_insn& raw) {
  if (BPF_MODE(raw.code) != BPF_MEM) return std::nullopt;
  return Load{*size(BPF_SIZE(raw.code)), to(raw), from(raw), raw.off};
}

Decoded store(const bpf_insn& raw, const Operand& value) {
  if (BPF_MODE(raw.code) != BPF_MEM) return std::nullopt;
  return Store{*size(BPF_SIZE(raw.code)), to(raw), raw.off, value};
}

Decoded store_register(const bpf_insn& raw) {
  if (BPF_MODE(raw.code) != BPF_XADD) return store(raw, from(raw));
  return AtomicAdd{*size(BPF_SIZE(raw.code)), to(raw), raw.off, from(raw)};
}

// `target` is the slot jumped to, should it be a jump.
Decoded jump(const bpf_insn& raw, Label target) {
  switch (BPF_OP(raw.code)) {
    case BPF_JA:
      return Jump{target};
    case BPF_CALL:
      return CallHelper{Helper{raw.imm}};
    case BPF_EXIT:
      return Exit{};
    default:
      const auto compared = condition(BPF_OP(raw.code));
      if (!compared) return std::nullopt;
      return JumpIf{*compared, to(raw), operand(raw), target};
  }
}

Decoded wide(const bpf_insn& low, const bpf_insn& high) {
  const auto low_half = static_cast<std::uint32_t>(low.imm);
  const auto high_half = static_cast<std::uint32_t>(high.imm);
  switch (low.src_reg) {
    case 0:
      return MoveWide{to(low), std::uint64_t{high_half} << 32 | low_half};
    case BPF_PSEUDO_MAP_FD:
      return LoadMap{to(low), low_half};
    case BPF_PSEUDO_MAP_VALUE:
      return LoadMapValue{to(low), low_half, high_half};
    default:
      return std::nullopt;
  }
}

std::optional<Label> target_of(const Instruction& instruction) {
  if (const auto* always = std::get_if<Jump>(&instruction)) return always->target;
  if (const auto* on_condition = std::get_if<JumpIf>(&instruction)) return on_condition->target;
  return std::nullopt;
}

class Decoder {
 public:
  explicit Decoder(std::span<const bpf_insn> raw) : raw_(raw) {}

  Result<Program> run() {
    for (std::size_t slot = 0; slot < raw_.size();) {
      const auto decoded = instruction(slot);
      if (!decoded) return tl::unexpected(decoded.error());
      line_of_slot_.emplace(slot, program_.lines.size());
      program_.lines.push_back({*decoded, {}, {}});
      slot += slots(*decoded);
    }
    if (auto bound = bind_targets(); !bound) return tl::unexpected(bound.error());
    if (auto same = compare(); !same) return tl::unexpected(same.error());
    return std::move(program_);
  }

 private:
  Result<Instruction> instruction(std::size_t slot) const {
    const bpf_insn& raw = raw_[slot];
    if (raw.dst_reg > last_register || raw.src_reg > last_register) {
      return refusal(slot, "there are registers up to r10");
    }
    const bool is_wide = raw.code == (BPF_LD | BPF_IMM | BPF_DW);
    if (is_wide && slot + 1 == raw_.size()) return refusal(slot, "its second half is missing");
    const Decoded decoded = is_wide ? wide(raw, raw_[slot + 1]) : narrow(raw, slot);
    if (!decoded) return refusal(slot, fmt::format("code {:#04x} is not known", raw.code));
    return *decoded;
  }

  static Decoded narrow(const bpf_insn& raw, std::size_t slot) {
    switch (BPF_CLASS(raw.code)) {
      case BPF_LDX:
        return load(raw);
      case BPF_ST:
        return store(raw, std::int64_t{raw.imm});
      case BPF_STX:
        return store_register(raw);
      case BPF_ALU:
        return swap_bytes(raw);
      case BPF_ALU64:
        return arithmetic(raw);
      case BPF_JMP:
        // A target before the program wraps round and is found to be none.
        return jump(
            raw, Label{static_cast<std::uint32_t>(static_cast<std::int64_t>(slot) + 1 + raw.off)});
      default:
        return std::nullopt;
    }
  }

  Result<void> bind_targets() {
    std::set<std::uint32_t> targets;
    for (const auto& [slot, at] : line_of_slot_) {
      const auto target = target_of(program_.lines[at].instruction);
      if (!target) continue;
      if (!line_of_slot_.contains(target->number)) {
        return refusal(slot, "it jumps to where no instruction begins");
      }
      targets.insert(target->number);
    }
    for (const std::uint32_t slot : targets) {
      program_.bindings.push_back({Label{slot}, line_of_slot_.at(slot)});
    }
    return {};
  }

  // What was passed over above shows here: operands of later instruction sets, reserved bits.
  Result<void> compare() const {
    const auto again = marshal(program_);
    if (!again) return tl::unexpected(again.error());
    for (const auto& [slot, at] : line_of_slot_) {
      const std::size_t length = slots(program_.lines[at].instruction) * sizeof(bpf_insn);
      if (std::memcmp(&raw_[slot], &again->instructions[slot], length) != 0) {
        return refusal(slot, "it has bits set that the instruction does not use");
      }
    }
    return {};
  }

  static tl::unexpected<Error> refusal(std::size_t slot, std::string_view reason) {
    return failure(fmt::format("slot {}: {}", slot, reason));
  }

  std::span<const bpf_insn> raw_;
  Program program_;
  std::map<std::uint32_t, std::uint32_t> line_of_slot_;
};

}  // namespace

Result<Program> decode(std::span<const bpf_insn> instructions) {
  return Decoder(instructions).run();
}

}  // namespace socktap::ebpf
