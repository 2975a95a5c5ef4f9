#include "ebpf/update_compiler.h"

#include <algorithm>
#include <limits>
#include <set>

#include "event/event_part.h"
#include "language/histogram.h"
#include "plan/kernel_handler.h"

namespace socktap::ebpf {
namespace {

using language::Assign;
using language::AssignOp;
using language::Expr;
using language::Increment;
using plan::Kept;
using enum Register;

constexpr Register memory = ExpressionCompiler::memory;
constexpr Register record = ExpressionCompiler::record;
constexpr Register entry = r7;
constexpr int most_probes = 64;  // of a key's entry; slots are at most a quarter full

constexpr std::int32_t offset_of(std::size_t offset) { return static_cast<std::int32_t>(offset); }

constexpr std::int32_t header_time = offset_of(offsetof(socktap_script_header, time));
constexpr std::int32_t header_answer = offset_of(offsetof(socktap_script_header, answer));

const language::Place& target_of(const Expr& statement) {
  if (const auto* assign = std::get_if<Assign>(&statement.node)) return assign->target;
  return std::get<Increment>(statement.node).target;
}

}  // namespace

// One search of an entry serves all that are written to it. The order in which a global is updated
// stays as it is.
void UpdateCompiler::update(ExpressionCompiler& expressions,
                            std::span<const Expr* const> statements) {
  std::vector<const plan::Update*> left;
  for (const Expr* statement : statements) left.push_back(plan_.tables.find_update(*statement));
  while (!left.empty()) {
    std::vector<const plan::Update*> together, others;
    std::set<std::uint32_t> globals_of_others;
    for (const plan::Update* update : left) {
      const std::uint32_t global = plan_.tables.tables[update->table].cells[update->cell].global;
      const std::size_t most = plan_.tables.tables[update->table].cells.size();
      if (update->table == left.front()->table && together.size() < most &&
          !globals_of_others.contains(global)) {
        together.push_back(update);
      } else {
        others.push_back(update);
        globals_of_others.insert(global);
      }
    }
    update_entry(expressions, together);
    left = std::move(others);
  }
  builder_.emit(Store{Size::u64, memory, header_answer, SOCKTAP_SCRIPT_KEEPS});
}

void UpdateCompiler::update_entry(ExpressionCompiler& expressions,
                                  const std::vector<const plan::Update*>& updates) {
  const plan::Table& table = plan_.tables.tables[updates.front()->table];
  const TableLayout& layout = layout_.tables[updates.front()->table];
  const Label end = builder_.new_label();
  std::uint32_t value = layout_.values;
  for (const plan::Update* update : updates) {
    if (const auto* assign = std::get_if<Assign>(&update->statement->node))
      keep(expressions, *assign->value, table.cells[update->cell].value, value);
    value += value_size;
  }
  const Expr& first = *updates.front()->statement;
  for (std::size_t column = 0; column < table.key.size(); ++column)
    keep(expressions, *target_of(first).keys[column], table.key[column],
         layout_.key + layout.columns[column]);
  builder_.from(first.span);
  find_entry(table, layout, end);
  value = layout_.values;
  for (const plan::Update* update : updates) {
    apply(*update, value);
    value += value_size;
  }
  builder_.bind(end);
}

// Stores the value into the memory as it is kept.
void UpdateCompiler::keep(ExpressionCompiler& expressions, const Expr& expression, const Kept& kept,
                          std::uint32_t offset) {
  const auto* call = std::get_if<language::LibraryCall>(&expression.node);
  switch (kept.as) {
    case Kept::As::number:
      return builder_.emit(
          Store{Size::u64, memory, offset_of(offset), expressions.value(expression)});
    case Kept::As::made_text:
      return builder_.emit(
          Store{Size::u64, memory, offset_of(offset), expressions.value(*call->arguments[0])});
    case Kept::As::known_text:
      return builder_.emit(
          Store{Size::u64, memory, offset_of(offset),
                plan_.tables.index_of(plan::known_text(expression, expressions.point()))});
    case Kept::As::field_text:
      return keep_field_text(std::get<FieldLayout>(*part_of(call->function)), offset);
  }
}

// Without what is behind the zero that ends it.
void UpdateCompiler::keep_field_text(FieldLayout field, std::uint32_t offset) {
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
void UpdateCompiler::cut_at_zero(Register word, Label has_none) {
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

// Each word is multiplied in, and what is above comes down: low bits depend on all of the key.
void UpdateCompiler::hash_key(const TableLayout& table, Register hash) {
  builder_.emit(MoveWide{hash, secret_});
  builder_.emit(MoveWide{r3, 0xd6e8'feb8'6659'fd93});
  for (std::uint32_t word = 0; word < table.key_size; word += 8) {
    builder_.emit(Load{Size::u64, r2, memory, offset_of(layout_.key + word)});
    builder_.emit(Alu{AluOperator::bitwise_xor, hash, r2});
    builder_.emit(Alu{AluOperator::multiply, hash, r3});
    builder_.emit(Move{r2, hash});
    builder_.emit(Alu{AluOperator::shift_right, r2, 32});
    builder_.emit(Alu{AluOperator::bitwise_xor, hash, r2});
  }
}

// Leaves the address of the key's entry in `entry`. r1 is the slot, r4 how many are left to try.
void UpdateCompiler::find_entry(const plan::Table& table, const TableLayout& layout,
                                Label refused) {
  if (table.key.empty()) {
    builder_.emit(Move{entry, copy});
    return add(entry, layout.entries);
  }
  const Label again = builder_.new_label();
  const Label another = builder_.new_label();
  const Label is_free = builder_.new_label();
  const Label full = builder_.new_label();
  const Label found = builder_.new_label();
  const auto mask = static_cast<std::int64_t>(layout.slots - 1);
  builder_.note("look for the key");
  hash_key(layout, r1);
  builder_.emit(Alu{AluOperator::bitwise_and, r1, mask});
  builder_.emit(Move{r4, std::min<std::int64_t>(most_probes, layout.slots)});
  builder_.bind(again);
  builder_.emit(Move{r5, r1});
  builder_.emit(Alu{AluOperator::shift_left, r5, 2});
  builder_.emit(Move{r0, copy});
  add(r0, layout.index);
  builder_.emit(Alu{AluOperator::add, r0, r5});
  builder_.emit(Load{Size::u32, r3, r0, 0});
  builder_.emit(JumpIf{Condition::equal, r3, 0, is_free});
  builder_.emit(JumpIf{Condition::greater, r3, table.capacity, full});
  builder_.emit(Alu{AluOperator::subtract, r3, 1});
  go_to_entry(layout, r3);
  compare_key(layout, another);
  builder_.emit(Jump{found});
  builder_.bind(another);
  builder_.emit(Alu{AluOperator::add, r1, 1});
  builder_.emit(Alu{AluOperator::bitwise_and, r1, mask});
  builder_.emit(Alu{AluOperator::subtract, r4, 1});
  builder_.emit(JumpIf{Condition::not_equal, r4, 0, again});
  builder_.bind(full);
  builder_.note("no room");
  builder_.emit(Move{r5, copy});
  add(r5, layout.refused);
  builder_.emit(Load{Size::u64, r3, r5, 0});
  builder_.emit(Alu{AluOperator::add, r3, 1});
  builder_.emit(Store{Size::u64, r5, 0, r3});
  builder_.emit(Jump{refused});
  builder_.bind(is_free);
  builder_.note("a new entry");
  take_entry(table, layout, full);
  builder_.bind(found);
}

void UpdateCompiler::compare_key(const TableLayout& table, Label differs) {
  for (std::uint32_t word = 0; word < table.key_size; word += 8) {
    builder_.emit(Load{Size::u64, r2, memory, offset_of(layout_.key + word)});
    builder_.emit(Load{Size::u64, r5, entry, offset_of(word)});
    builder_.emit(JumpIf{Condition::not_equal, r2, r5, differs});
  }
}

// The next one, for the free slot at r0.
void UpdateCompiler::take_entry(const plan::Table& table, const TableLayout& layout, Label full) {
  builder_.emit(Move{r5, copy});
  add(r5, layout.used);
  builder_.emit(Load{Size::u64, r3, r5, 0});
  builder_.emit(JumpIf{Condition::greater_or_equal, r3, table.capacity, full});
  builder_.emit(Move{r2, r3});
  builder_.emit(Alu{AluOperator::add, r2, 1});
  builder_.emit(Store{Size::u64, r5, 0, r2});
  builder_.emit(Store{Size::u32, r0, 0, r2});
  go_to_entry(layout, r3);
  for (std::uint32_t word = 0; word < layout.key_size; word += 8) {
    builder_.emit(Load{Size::u64, r2, memory, offset_of(layout_.key + word)});
    builder_.emit(Store{Size::u64, entry, offset_of(word), r2});
  }
}

void UpdateCompiler::go_to_entry(const TableLayout& table, Register number) {
  builder_.emit(Alu{AluOperator::multiply, number, table.entry_size});
  builder_.emit(Move{entry, copy});
  add(entry, table.entries);
  builder_.emit(Alu{AluOperator::add, entry, number});
}

void UpdateCompiler::apply(const plan::Update& update, std::uint32_t value) {
  const plan::Cell& cell = plan_.tables.tables[update.table].cells[update.cell];
  const std::int32_t at = offset_of(layout_.tables[update.table].cells[update.cell]);
  builder_.from(update.statement->span);
  builder_.note(plan_.program->globals[cell.global].name);
  switch (cell.kind) {
    case plan::Cell::Kind::sum: {
      note_first(at);
      const auto* assign = std::get_if<Assign>(&update.statement->node);
      const auto* increment = std::get_if<Increment>(&update.statement->node);
      builder_.emit(Load{Size::u64, r2, entry, at + offset_of(offsetof(socktap_kept_sum, sum))});
      if (assign) builder_.emit(Load{Size::u64, r3, memory, offset_of(value)});
      const bool subtracts = assign && assign->op == AssignOp::subtract;
      builder_.emit(Alu{subtracts ? AluOperator::subtract : AluOperator::add, r2,
                        assign ? Operand(r3) : Operand(std::int64_t{increment->delta})});
      return builder_.emit(
          Store{Size::u64, entry, at + offset_of(offsetof(socktap_kept_sum, sum)), r2});
    }
    case plan::Cell::Kind::statistic:
      return add_to_statistic(plan_.program->globals[cell.global].histogram, at, value);
    case plan::Cell::Kind::last:
      return set_last(cell.value, at, value);
  }
}

void UpdateCompiler::add_to_statistic(const language::Histogram& histogram, std::int32_t cell,
                                      std::uint32_t value) {
  using Statistic = socktap_kept_statistic;
  const std::int32_t count = cell + offset_of(offsetof(Statistic, count));
  const std::int32_t sum = cell + offset_of(offsetof(Statistic, sum));
  const std::int32_t min = cell + offset_of(offsetof(Statistic, min));
  const std::int32_t max = cell + offset_of(offsetof(Statistic, max));
  const Label more = builder_.new_label();
  const Label not_less = builder_.new_label();
  const Label end = builder_.new_label();
  builder_.emit(Load{Size::u64, r1, entry, cell});
  builder_.emit(JumpIf{Condition::not_equal, r1, 0, more});
  load_time();
  builder_.emit(Store{Size::u64, entry, cell, r0});
  builder_.emit(Load{Size::u64, r3, memory, offset_of(value)});
  builder_.emit(Store{Size::u64, entry, count, 1});
  for (const std::int32_t part : {sum, min, max}) builder_.emit(Store{Size::u64, entry, part, r3});
  builder_.emit(Jump{end});
  builder_.bind(more);
  builder_.emit(Load{Size::u64, r3, memory, offset_of(value)});
  builder_.emit(Load{Size::u64, r2, entry, count});
  builder_.emit(Alu{AluOperator::add, r2, 1});
  builder_.emit(Store{Size::u64, entry, count, r2});
  builder_.emit(Load{Size::u64, r2, entry, sum});
  builder_.emit(Alu{AluOperator::add, r2, r3});
  builder_.emit(Store{Size::u64, entry, sum, r2});
  builder_.emit(Load{Size::u64, r2, entry, min});
  builder_.emit(JumpIf{Condition::signed_greater_or_equal, r3, r2, not_less});
  builder_.emit(Store{Size::u64, entry, min, r3});
  builder_.bind(not_less);
  builder_.emit(Load{Size::u64, r2, entry, max});
  builder_.emit(JumpIf{Condition::signed_less_or_equal, r3, r2, end});
  builder_.emit(Store{Size::u64, entry, max, r3});
  builder_.bind(end);
  add_to_bucket(histogram, cell + offset_of(sizeof(Statistic)));
}

// Of the value in r3.
void UpdateCompiler::add_to_bucket(const language::Histogram& histogram, std::int32_t buckets) {
  switch (histogram.kind) {
    case language::Histogram::Kind::none:
      return;
    case language::Histogram::Kind::log:
      log_bucket();
      break;
    case language::Histogram::Kind::linear:
      linear_bucket(histogram);
      break;
  }
  builder_.emit(Alu{AluOperator::shift_left, r4, 3});
  builder_.emit(Move{r5, entry});
  builder_.emit(Alu{AluOperator::add, r5, r4});
  builder_.emit(Load{Size::u64, r2, r5, buckets});
  builder_.emit(Alu{AluOperator::add, r2, 1});
  builder_.emit(Store{Size::u64, r5, buckets, r2});
}

// r4: by the highest bit of the value's magnitude, searched for by halves. It goes through the
// memory, so that the verifier does not go on with each bit by itself.
void UpdateCompiler::log_bucket() {
  const Label is_positive = builder_.new_label();
  const Label counted = builder_.new_label();
  const Label is_negative = builder_.new_label();
  const Label end = builder_.new_label();
  static_assert(language::log_buckets == 128 && language::log_bucket_of_zero == 64);
  builder_.emit(Move{r4, 0});
  builder_.emit(Move{r2, r3});
  builder_.emit(JumpIf{Condition::equal, r2, 0, counted});
  builder_.emit(JumpIf{Condition::signed_greater, r2, 0, is_positive});
  builder_.emit(Negate{r2});
  builder_.bind(is_positive);
  builder_.emit(Move{r4, 1});
  for (const int bits : {32, 16, 8, 4, 2, 1}) {
    const Label below = builder_.new_label();
    builder_.emit(Move{r5, r2});
    builder_.emit(Alu{AluOperator::shift_right, r5, bits});
    builder_.emit(JumpIf{Condition::equal, r5, 0, below});
    builder_.emit(Move{r2, r5});
    builder_.emit(Alu{AluOperator::add, r4, bits});
    builder_.bind(below);
  }
  builder_.bind(counted);
  builder_.emit(Store{Size::u64, memory, offset_of(layout_.values), r4});
  builder_.emit(Load{Size::u64, r4, memory, offset_of(layout_.values)});
  builder_.emit(JumpIf{Condition::signed_less, r3, 0, is_negative});
  builder_.emit(Alu{AluOperator::add, r4, 64});
  builder_.emit(Jump{end});
  builder_.bind(is_negative);
  builder_.emit(Negate{r4});
  builder_.emit(Alu{AluOperator::add, r4, 64});
  builder_.bind(end);
  builder_.emit(Alu{AluOperator::bitwise_and, r4, 127});
}

// r4, as language::bucket_of.
void UpdateCompiler::linear_bucket(const language::Histogram& histogram) {
  const auto last = static_cast<std::int64_t>(language::bucket_count(histogram)) - 1;
  const Label is_below = builder_.new_label();
  const Label is_within = builder_.new_label();
  const Label end = builder_.new_label();
  number(r2, histogram.low);
  builder_.emit(JumpIf{Condition::signed_less, r3, r2, is_below});
  builder_.emit(Move{r4, r3});
  builder_.emit(Alu{AluOperator::subtract, r4, r2});
  number(r2, histogram.width);
  builder_.emit(Alu{AluOperator::divide, r4, r2});
  builder_.emit(JumpIf{Condition::less, r4, last - 1, is_within});
  builder_.emit(Move{r4, last});
  builder_.emit(Jump{end});
  builder_.bind(is_below);
  builder_.emit(Move{r4, 0});
  builder_.emit(Jump{end});
  builder_.bind(is_within);
  builder_.emit(Alu{AluOperator::add, r4, 1});
  builder_.bind(end);
}

void UpdateCompiler::set_last(const Kept& kept, std::int32_t cell, std::uint32_t value) {
  const std::int32_t words = kept.as == Kept::As::field_text ? 2 : 1;
  note_first(cell);
  load_time();
  builder_.emit(Store{Size::u64, entry, cell + offset_of(offsetof(socktap_kept_last, time)), r0});
  for (std::int32_t word = 0; word < words; ++word) {
    builder_.emit(Load{Size::u64, r2, memory, offset_of(value) + 8 * word});
    builder_.emit(
        Store{Size::u64, entry, cell + offset_of(sizeof(socktap_kept_last)) + 8 * word, r2});
  }
}

void UpdateCompiler::note_first(std::int32_t cell) {
  const Label known = builder_.new_label();
  builder_.emit(Load{Size::u64, r2, entry, cell});
  builder_.emit(JumpIf{Condition::not_equal, r2, 0, known});
  load_time();
  builder_.emit(Store{Size::u64, entry, cell, r0});
  builder_.bind(known);
}

// Into r0. The clock is read once an event at most; each later time of the event is 1 ns more, so
// that they are in order.
void UpdateCompiler::load_time() {
  const Label known = builder_.new_label();
  builder_.emit(Load{Size::u64, r0, memory, header_time});
  builder_.emit(JumpIf{Condition::not_equal, r0, 0, known});
  builder_.emit(CallHelper{Helper::ktime_get_ns});
  builder_.bind(known);
  builder_.emit(Move{r1, r0});
  builder_.emit(Alu{AluOperator::add, r1, 1});
  builder_.emit(Store{Size::u64, memory, header_time, r1});
}

void UpdateCompiler::number(Register to, std::int64_t value) {
  if (value >= std::numeric_limits<std::int32_t>::min() &&
      value <= std::numeric_limits<std::int32_t>::max())
    builder_.emit(Move{to, value});
  else
    builder_.emit(MoveWide{to, static_cast<std::uint64_t>(value)});
}

void UpdateCompiler::add(Register to, std::uint64_t value) {
  if (value != 0) builder_.emit(Alu{AluOperator::add, to, static_cast<std::int64_t>(value)});
}

}  // namespace socktap::ebpf
