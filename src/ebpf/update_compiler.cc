#include "ebpf/update_compiler.h"

#include <algorithm>
#include <set>

#include "ebpf/time_compiler.h"
#include "language/histogram.h"
#include "language/typed_children.h"

namespace socktap::ebpf {
namespace {

using language::Assign;
using language::AssignOp;
using language::Expr;
using language::Increment;
using plan::Kept;
using enum Register;

constexpr Register memory = ExpressionCompiler::memory;
constexpr Register entry = KeyCompiler::entry;

constexpr std::int32_t offset_of(std::size_t offset) { return static_cast<std::int32_t>(offset); }

constexpr std::int32_t header_answer = offset_of(offsetof(socktap_script_header, answer));

}  // namespace

// One search of an entry serves all that are written to it. The order in which a global is updated
// stays as it is.
void UpdateCompiler::update(ExpressionCompiler& expressions,
                            std::span<const Expr* const> statements) {
  std::vector<const plan::Update*> left;
  for (const Expr* statement : statements)
    left.push_back(script_.plan.tables.find_update(*statement));
  while (!left.empty()) {
    std::vector<const plan::Update*> together, others;
    std::set<std::uint32_t> globals_of_others;
    for (const plan::Update* update : left) {
      const std::uint32_t global =
          script_.plan.tables.tables[update->table].cells[update->cell].global;
      const std::size_t most = script_.plan.tables.tables[update->table].cells.size();
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
  const plan::Table& table = script_.plan.tables.tables[updates.front()->table];
  const TableLayout& layout = script_.layout.tables[updates.front()->table];
  const Label end = builder_.new_label();
  std::uint32_t value = script_.layout.values;
  for (const plan::Update* update : updates) {
    if (const auto* assign = std::get_if<Assign>(&update->statement->node))
      keys_.keep(expressions, *assign->value, table.cells[update->cell].value, value);
    value += value_size;
  }
  const Expr& first = *updates.front()->statement;
  for (std::size_t column = 0; column < table.key.size(); ++column)
    keys_.keep(expressions, *language::assigned_place(first)->keys[column], table.key[column],
               script_.layout.key + layout.columns[column]);
  builder_.from(first.span);
  find_entry(table, layout, end);
  value = script_.layout.values;
  for (const plan::Update* update : updates) {
    apply(*update, value);
    value += value_size;
  }
  builder_.bind(end);
}

// Leaves the address of the key's entry, perhaps a new one, in `entry`.
void UpdateCompiler::find_entry(const plan::Table& table, const TableLayout& layout,
                                Label refused) {
  if (table.key.empty()) {
    builder_.emit(Move{entry, copy});
    return builder_.emit(Alu{AluOperator::add, entry, std::int64_t{layout.entries}});
  }
  const KeyCompiler::Outcome outcome{builder_.new_label(), builder_.new_label(),
                                     builder_.new_label()};
  keys_.search(layout, table.capacity, copy, script_.layout.key, outcome);
  builder_.bind(outcome.no_room);
  builder_.note("no room");
  builder_.emit(Move{r5, copy});
  builder_.emit(Alu{AluOperator::add, r5, std::int64_t{layout.refused}});
  builder_.emit(Load{Size::u64, r3, r5, 0});
  builder_.emit(Alu{AluOperator::add, r3, 1});
  builder_.emit(Store{Size::u64, r5, 0, r3});
  builder_.emit(Jump{refused});
  builder_.bind(outcome.absent);
  builder_.note("a new entry");
  take_entry(table, layout, outcome.no_room);
  builder_.bind(outcome.found);
}

// The next one, for the free slot.
void UpdateCompiler::take_entry(const plan::Table& table, const TableLayout& layout, Label full) {
  builder_.emit(Move{r5, copy});
  builder_.emit(Alu{AluOperator::add, r5, std::int64_t{layout.used}});
  builder_.emit(Load{Size::u64, r3, r5, 0});
  builder_.emit(JumpIf{Condition::greater_or_equal, r3, std::int64_t{table.capacity}, full});
  builder_.emit(Move{r2, r3});
  builder_.emit(Alu{AluOperator::add, r2, 1});
  builder_.emit(Store{Size::u64, r5, 0, r2});
  builder_.emit(Store{Size::u32, KeyCompiler::slot, 0, r2});
  keys_.go_to_entry(layout, copy, r3);
  for (std::uint32_t word = 0; word < layout.key_size; word += 8) {
    builder_.emit(Load{Size::u64, r2, memory, offset_of(script_.layout.key + word)});
    builder_.emit(Store{Size::u64, entry, offset_of(word), r2});
  }
}

void UpdateCompiler::apply(const plan::Update& update, std::uint32_t value) {
  const plan::Cell& cell = script_.plan.tables.tables[update.table].cells[update.cell];
  const std::int32_t at = offset_of(script_.layout.tables[update.table].cells[update.cell]);
  builder_.from(update.statement->span);
  builder_.note(script_.plan.program->globals[cell.global].name);
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
      return add_to_statistic(script_.plan.program->globals[cell.global].histogram, at, value);
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
  load_update_time(builder_);
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
  builder_.emit(Store{Size::u64, memory, offset_of(script_.layout.values), r4});
  builder_.emit(Load{Size::u64, r4, memory, offset_of(script_.layout.values)});
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
  builder_.emit(move_of(r2, histogram.low));
  builder_.emit(JumpIf{Condition::signed_less, r3, r2, is_below});
  builder_.emit(Move{r4, r3});
  builder_.emit(Alu{AluOperator::subtract, r4, r2});
  builder_.emit(move_of(r2, histogram.width));
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
  load_update_time(builder_);
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
  load_update_time(builder_);
  builder_.emit(Store{Size::u64, entry, cell, r0});
  builder_.bind(known);
}

}  // namespace socktap::ebpf
