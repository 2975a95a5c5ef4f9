#include "ebpf/key_compiler.h"

#include <algorithm>

#include "event/event_part.h"
#include "plan/kernel_expression.h"

namespace socktap::ebpf {
namespace {

using plan::Kept;
using enum Register;

constexpr Register memory = ExpressionCompiler::memory;
constexpr Register record = ExpressionCompiler::record;

constexpr std::int32_t offset_of(std::uint32_t offset) { return static_cast<std::int32_t>(offset); }

}  // namespace

void KeyCompiler::keep(ExpressionCompiler& expressions, const language::Expr& expression,
                       const Kept& kept, std::uint32_t offset) {
  const auto* call = std::get_if<language::LibraryCall>(&expression.node);
  const auto store = [&](const Operand& value) {
    builder_.emit(Store{Size::u64, memory, offset_of(offset), value});
  };
  switch (kept.as) {
    case Kept::As::number:
      return store(expressions.value(expression));
    case Kept::As::made_text:
      return store(expressions.value(*call->arguments[0]));
    case Kept::As::known_text:
      return store(std::int64_t{
          script_.plan.tables.index_of(plan::known_text(expression, expressions.point()))});
    case Kept::As::field_text:
      return keep_field_text(std::get<FieldLayout>(*part_of(call->function)), offset);
  }
}

// Without what is behind the zero that ends it.
void KeyCompiler::keep_field_text(FieldLayout field, std::uint32_t offset) {
  const Label second = builder_.new_label();
  const Label end = builder_.new_label();
  builder_.emit(Load{Size::u64, r2, record, field.offset});
  builder_.emit(Load{Size::u64, r3, record, field.offset + 8});
  cut_at_zero(r2, second);
  builder_.emit(Move{r3, 0});
  builder_.emit(Jump{end});
  builder_.bind(second);
  cut_at_zero(r3, end);
  builder_.bind(end);
  builder_.emit(Store{Size::u64, memory, offset_of(offset), r2});
  builder_.emit(Store{Size::u64, memory, offset_of(offset + 8), r3});
}

// Goes to the label if none of the word's bytes is 0; else clears those from the first 0 on. Of
// the bits that mark zero bytes the lowest is exact.
void KeyCompiler::cut_at_zero(Register word, Label has_none) {
  builder_.emit(MoveWide{r4, 0x0101'0101'0101'0101});
  builder_.emit(Move{r5, word});
  builder_.emit(Alu{AluOperator::subtract, r5, r4});
  builder_.emit(Move{r0, word});
  builder_.emit(Alu{AluOperator::bitwise_xor, r0, -1});
  builder_.emit(Alu{AluOperator::bitwise_and, r5, r0});
  builder_.emit(Alu{AluOperator::shift_left, r4, 7});
  builder_.emit(Alu{AluOperator::bitwise_and, r5, r4});
  builder_.emit(JumpIf{Condition::equal, r5, 0, has_none});
  builder_.emit(Move{r0, r5});
  builder_.emit(Negate{r0});
  builder_.emit(Alu{AluOperator::bitwise_and, r5, r0});
  builder_.emit(Alu{AluOperator::shift_right, r5, 7});
  builder_.emit(Alu{AluOperator::subtract, r5, 1});
  builder_.emit(Alu{AluOperator::bitwise_and, word, r5});
}

// As slot_of_key. The products do not wait for each other.
void KeyCompiler::hash(const TableLayout& table, std::uint32_t key, Register slot_number) {
  builder_.emit(Move{slot_number, 0});
  for (std::uint32_t word = 0; word * 8 < table.key_size; ++word) {
    builder_.emit(Load{Size::u64, r2, memory, offset_of(key + word * 8)});
    builder_.emit(MoveWide{r3, hash_factor(script_.secret, word)});
    builder_.emit(Alu{AluOperator::multiply, r2, r3});
    builder_.emit(Alu{AluOperator::add, slot_number, r2});
  }
  builder_.emit(Alu{AluOperator::shift_right, slot_number, std::int64_t{slot_shift(table.slots)}});
}

// r1 is the slot, r4 how many are left to try.
void KeyCompiler::search(const TableLayout& table, std::uint32_t capacity, Register base,
                         std::uint32_t key, const Outcome& outcome) {
  const Label again = builder_.new_label();
  const Label another = builder_.new_label();
  const auto mask = static_cast<std::int64_t>(table.slots - 1);
  builder_.note("look for the key");
  hash(table, key, r1);
  builder_.emit(Move{r4, std::int64_t{std::min(most_probes, table.slots)}});
  builder_.bind(again);
  builder_.emit(Move{r5, r1});
  builder_.emit(Alu{AluOperator::shift_left, r5, 2});
  builder_.emit(Move{slot, base});
  builder_.emit(Alu{AluOperator::add, slot, std::int64_t{table.index}});
  builder_.emit(Alu{AluOperator::add, slot, r5});
  builder_.emit(Load{Size::u32, r3, slot, 0});
  builder_.emit(JumpIf{Condition::equal, r3, 0, outcome.absent});
  // Compared in this order verifiers before Linux 6.8 see, too, that it is within bounds.
  builder_.emit(Alu{AluOperator::subtract, r3, 1});
  builder_.emit(JumpIf{Condition::greater_or_equal, r3, std::int64_t{capacity}, outcome.no_room});
  go_to_entry(table, base, r3);
  for (std::uint32_t word = 0; word < table.key_size; word += 8) {
    builder_.emit(Load{Size::u64, r2, memory, offset_of(key + word)});
    builder_.emit(Load{Size::u64, r5, entry, offset_of(word)});
    builder_.emit(JumpIf{Condition::not_equal, r2, r5, another});
  }
  builder_.emit(Jump{outcome.found});
  builder_.bind(another);
  builder_.emit(Alu{AluOperator::add, r1, 1});
  builder_.emit(Alu{AluOperator::bitwise_and, r1, mask});
  builder_.emit(Alu{AluOperator::subtract, r4, 1});
  builder_.emit(JumpIf{Condition::not_equal, r4, 0, again});
  builder_.emit(Jump{outcome.no_room});
}

void KeyCompiler::go_to_entry(const TableLayout& table, Register base, Register number) {
  builder_.emit(Alu{AluOperator::multiply, number, std::int64_t{table.entry_size}});
  builder_.emit(Move{entry, base});
  builder_.emit(Alu{AluOperator::add, entry, std::int64_t{table.entries}});
  builder_.emit(Alu{AluOperator::add, entry, number});
}

}  // namespace socktap::ebpf
