#include "ebpf/sample_programs_test.h"

#include <cstddef>
#include <vector>

#include "ebpf/operators.h"

namespace socktap::ebpf {
namespace {

using enum Register;

constexpr AluOperator alu_operators[] = {
#define SOCKTAP_ALU(name, code, text) AluOperator::name,
#include "ebpf/operators.def"
};
constexpr Condition conditions[] = {
#define SOCKTAP_CONDITION(name, code, text) Condition::name,
#include "ebpf/operators.def"
};
constexpr Size sizes[] = {
#define SOCKTAP_SIZE(name, code, bytes) Size::name,
#include "ebpf/operators.def"
};
constexpr Helper helpers[] = {
#define SOCKTAP_HELPER(name) Helper::name,
#include "ebpf/operators.def"
};

class RandomProgram {
 public:
  explicit RandomProgram(std::mt19937_64& random) : random_(random) {}

  Program make() {
    const std::uint64_t length = below(60);
    for (std::uint64_t i = below(5) + 1; i > 0; --i) labels_.push_back(builder_.new_label());
    std::size_t bound = 0;
    for (std::uint64_t i = 0; i < length; ++i) {
      if (bound < labels_.size() && below(8) == 0) builder_.bind(labels_[bound++]);
      builder_.emit(instruction());
    }
    while (bound < labels_.size()) builder_.bind(labels_[bound++]);
    builder_.emit(Exit{});
    return builder_.finish();
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  template <typename Row, std::size_t count>
  Row one_of(const Row (&rows)[count]) {
    return rows[below(count)];
  }

  Register reg() { return static_cast<Register>(below(11)); }
  Label label() { return labels_[below(labels_.size())]; }
  std::int32_t offset() { return static_cast<std::int16_t>(random_()); }
  std::uint32_t number() { return static_cast<std::uint32_t>(random_()); }

  // Small enough for shifts and no zero, so that every operator takes it, if `small`.
  Operand operand(bool small = false) {
    if (below(2) == 0) return reg();
    if (small) return static_cast<std::int64_t>(1 + below(63));
    return std::int64_t{static_cast<std::int32_t>(random_())};
  }

  Instruction instruction() {
    switch (below(std::variant_size_v<Instruction>)) {
      case 0:
        return Move{reg(), operand()};
      case 1:
        return MoveWide{reg(), random_()};
      case 2:
        return LoadMap{reg(), number()};
      case 3:
        return LoadMapValue{reg(), number(), number()};
      case 4:
        return Alu{one_of(alu_operators), reg(), operand(true)};
      case 5:
        return Negate{reg()};
      case 6:
        return SwapBytes{static_cast<ByteOrder>(below(2)), sizes[1 + below(3)], reg()};
      case 7:
        return Load{one_of(sizes), reg(), reg(), offset()};
      case 8:
        return Store{one_of(sizes), reg(), offset(), operand()};
      case 9:
        return AtomicAdd{sizes[2 + below(2)], reg(), offset(), reg()};
      case 10:
        return Jump{label()};
      case 11:
        return JumpIf{one_of(conditions), reg(), operand(), label()};
      case 12:
        return CallHelper{static_cast<Helper>(number())};
      default:
        return Exit{};
    }
  }

  std::mt19937_64& random_;
  Builder builder_;
  std::vector<Label> labels_;
};

}  // namespace

Program every_instruction() {
  Builder builder;
  const Label begin = builder.new_label();
  const Label end = builder.new_label();
  builder.bind(begin);
  for (const Operand& from : {Operand{r2}, Operand{std::int64_t{-7}}}) {
    builder.emit(Move{r1, from});
    for (const Size size : sizes) builder.emit(Store{size, r10, -8, from});
    for (const Condition condition : conditions) builder.emit(JumpIf{condition, r1, from, end});
  }
  for (const Operand& from : {Operand{r2}, Operand{std::int64_t{7}}}) {
    for (const AluOperator op : alu_operators) builder.emit(Alu{op, r1, from});
  }
  for (const Size size : sizes) {
    builder.emit(Load{size, r0, r6, 32767});
    if (size == Size::u8) continue;
    builder.emit(SwapBytes{ByteOrder::little, size, r3});
    builder.emit(SwapBytes{ByteOrder::big, size, r3});
  }
  builder.emit(AtomicAdd{Size::u32, r0, 4, r1});
  builder.emit(AtomicAdd{Size::u64, r0, -32768, r1});
  builder.emit(Negate{r9});
  builder.emit(MoveWide{r4, 0xfedc'ba98'7654'3210});
  builder.emit(LoadMap{r1, 3});
  builder.emit(LoadMapValue{r1, 4, 0x8000'0000});
  for (const Helper helper : helpers) builder.emit(CallHelper{helper});
  builder.emit(CallHelper{static_cast<Helper>(BPF_FUNC_trace_printk)});
  builder.emit(Jump{begin});
  builder.bind(end);
  builder.emit(Exit{});
  return builder.finish();
}

Program random_program(std::mt19937_64& random) { return RandomProgram(random).make(); }

}  // namespace socktap::ebpf
