#include "ebpf/marshal.h"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <string>
#include <utility>

#include "base/overloaded.h"
#include "ebpf/disassemble.h"
#include "ebpf/operators.h"

namespace socktap::ebpf {
namespace {

constexpr Register none = Register::r0;  // in the fields of registers that are not used

template <typename Integer>
bool fits(std::int64_t value) {
  return value >= std::numeric_limits<Integer>::min() &&
         value <= std::numeric_limits<Integer>::max();
}

class Marshaller {
 public:
  explicit Marshaller(const Program& program) : program_(program) {}

  Result<Marshalled> run() {
    if (!place_labels()) return failure(std::move(reason_));
    for (std::size_t i = 0; i < program_.lines.size(); ++i) {
      const Instruction& instruction = program_.lines[i].instruction;
      std::visit([this](const auto& kind) { write(kind); }, instruction);
      if (reason_.empty()) continue;
      return failure(fmt::format("instruction {} '{}': {}", i, text_of(instruction), reason_));
    }
    return std::move(out_);
  }

 private:
  // Fills slot_of_label_, with the slots at which the labelled instructions will begin.
  bool place_labels() {
    std::vector<std::uint32_t> slot_of_line;
    for (const Line& line : program_.lines) {
      slot_of_line.push_back(end_);
      end_ += slots(line.instruction);
    }
    slot_of_line.push_back(end_);
    for (const auto& [label, at] : program_.bindings) {
      if (at >= slot_of_line.size()) {
        refuse("label L{} is bound at {}, beyond the end", label.number, at);
      } else if (!slot_of_label_.emplace(label.number, slot_of_line[at]).second) {
        refuse("label L{} is bound twice", label.number);
      }
    }
    return reason_.empty();
  }

  void write(const Move& move) { arithmetic(BPF_MOV, move.to, move.from); }

  void write(const MoveWide& move) {
    wide(move.to, 0, static_cast<std::uint32_t>(move.value),
         static_cast<std::uint32_t>(move.value >> 32));
  }

  void write(const LoadMap& load) {
    relocate(Relocation::Kind::descriptor, load.map, 0);
    wide(load.to, BPF_PSEUDO_MAP_FD, load.map, 0);
  }

  void write(const LoadMapValue& load) {
    relocate(Relocation::Kind::value, load.map, load.offset);
    wide(load.to, BPF_PSEUDO_MAP_VALUE, load.map, load.offset);
  }

  void write(const Alu& alu) {
    if (const auto* value = std::get_if<std::int64_t>(&alu.from)) check(alu.op, *value);
    arithmetic(row(alu.op).code, alu.to, alu.from);
  }

  void write(const Negate& negate) { put(BPF_ALU64 | BPF_NEG, negate.to, none, 0, 0); }

  void write(const SwapBytes& swap) {
    if (swap.size == Size::u8) refuse("one byte has no order");
    const int order = swap.order == ByteOrder::big ? BPF_TO_BE : BPF_TO_LE;
    put(BPF_ALU | BPF_END | order, swap.to, none, 0, bytes(swap.size) * 8);
  }

  void write(const Load& load) {
    put(BPF_LDX | BPF_MEM | row(load.size).code, load.to, load.base, offset(load.offset), 0);
  }

  void write(const Store& store) {
    const int how = BPF_MEM | row(store.size).code;
    const std::int16_t at = offset(store.offset);
    std::visit(Overloaded{[&](Register from) { put(BPF_STX | how, store.base, from, at, 0); },
                          [&](std::int64_t value) {
                            put(BPF_ST | how, store.base, none, at, immediate(value));
                          }},
               store.from);
  }

  // BPF_XADD is what later kernels call BPF_ATOMIC with BPF_ADD as immediate.
  void write(const AtomicAdd& add) {
    if (bytes(add.size) < 4) refuse("atomic additions are of 4 or 8 bytes");
    put(BPF_STX | BPF_XADD | row(add.size).code, add.base, add.from, offset(add.offset), 0);
  }

  void write(const Jump& jump) { put(BPF_JMP | BPF_JA, none, none, distance(jump.target), 0); }

  void write(const JumpIf& jump) {
    operation(BPF_JMP | row(jump.condition).code, jump.left, jump.right, distance(jump.target));
  }

  void write(const CallHelper& call) {
    put(BPF_JMP | BPF_CALL, none, none, 0, static_cast<std::int32_t>(call.helper));
  }

  void write(const Exit&) { put(BPF_JMP | BPF_EXIT, none, none, 0, 0); }

  void arithmetic(int code, Register to, const Operand& from) {
    operation(BPF_ALU64 | code, to, from, 0);
  }

  void operation(int code, Register left, const Operand& right, std::int16_t jump) {
    std::visit(Overloaded{[&](Register reg) { put(code | BPF_X, left, reg, jump, 0); },
                          [&](std::int64_t value) {
                            put(code | BPF_K, left, none, jump, immediate(value));
                          }},
               right);
  }

  void wide(Register to, std::uint8_t source, std::uint32_t low, std::uint32_t high) {
    put(BPF_LD | BPF_IMM | BPF_DW, to, Register{source}, 0, static_cast<std::int32_t>(low));
    put(0, none, none, 0, static_cast<std::int32_t>(high));
  }

  void put(int code, Register to, Register from, std::int16_t offset, std::int32_t immediate) {
    bpf_insn instruction{};
    instruction.code = static_cast<__u8>(code);
    instruction.dst_reg = static_cast<__u8>(to);
    instruction.src_reg = static_cast<__u8>(from);
    instruction.off = offset;
    instruction.imm = immediate;
    out_.instructions.push_back(instruction);
  }

  void relocate(Relocation::Kind kind, std::uint32_t map, std::uint32_t offset) {
    out_.relocations.push_back({here(), map, kind, offset});
  }

  void check(AluOperator op, std::int64_t value) {
    const bool divides = op == AluOperator::divide || op == AluOperator::modulo;
    const bool shifts = op == AluOperator::shift_left || op == AluOperator::shift_right ||
                        op == AluOperator::arithmetic_shift_right;
    if (divides && value == 0) refuse("division by the constant 0");
    if (shifts && (value < 0 || value > 63)) refuse("a shift is by 0 to 63 bits");
  }

  std::int16_t offset(std::int32_t value) {
    if (!fits<std::int16_t>(value)) refuse("the offset {} does not fit 16 bits", value);
    return static_cast<std::int16_t>(value);
  }

  std::int32_t immediate(std::int64_t value) {
    if (!fits<std::int32_t>(value)) refuse("the immediate {} does not fit 32 bits", value);
    return static_cast<std::int32_t>(value);
  }

  // Jumps count from the instruction that follows them.
  std::int16_t distance(Label target) {
    const auto found = slot_of_label_.find(target.number);
    if (found == slot_of_label_.end()) {
      refuse("label L{} is not bound", target.number);
    } else if (found->second == end_) {
      refuse("label L{} is bound behind the last instruction", target.number);
    } else {
      const std::int64_t slots_over = std::int64_t{found->second} - (std::int64_t{here()} + 1);
      if (fits<std::int16_t>(slots_over)) return static_cast<std::int16_t>(slots_over);
      refuse("the jump over {} slots does not fit 16 bits", slots_over);
    }
    return 0;
  }

  template <typename... Arguments>
  void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    if (reason_.empty()) reason_ = fmt::format(format, std::forward<Arguments>(arguments)...);
  }

  std::uint32_t here() const { return static_cast<std::uint32_t>(out_.instructions.size()); }

  const Program& program_;
  std::map<std::uint32_t, std::uint32_t> slot_of_label_;
  std::uint32_t end_ = 0;  // in slots
  Marshalled out_;
  std::string reason_;  // why it cannot be marshalled; the first one
};

}  // namespace

Result<Marshalled> marshal(const Program& program) { return Marshaller(program).run(); }

}  // namespace socktap::ebpf
