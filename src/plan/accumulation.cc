#include "plan/accumulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "language/histogram.h"
#include "language/program_dump_expression.h"
#include "language/typed_children.h"
#include "plan/kernel_handler.h"
#include "plan/reach.h"

namespace socktap::plan {
namespace {

using language::Handler;
using language::TypedProgram;

// More often than that a reader is better off with events: collecting takes some 10 ms.
constexpr std::int64_t shortest_period_ns = 50'000'000;

bool is_of_events(const Handler& handler) {
  return std::ranges::any_of(handler.points, [](const language::Point& point) {
    return std::holds_alternative<const tapset::ProbePoint*>(point.trigger);
  });
}

bool is_fast(const language::Point& point) {
  const auto* timer = std::get_if<language::Timer>(&point.trigger);
  return timer != nullptr && timer->period_ns < shortest_period_ns;
}

bool may_end_the_run(const TypedProgram& program, const Handler& handler) {
  using enum tapset::Function;
  bool may = false;
  visit_reached(program, handler, {.expression = [&may](const language::Expr& expression) {
                  const auto* call = std::get_if<language::LibraryCall>(&expression.node);
                  may = may || (call && (call->function == exit || call->function == abort ||
                                         call->function == error || call->function == assert_that));
                }});
  return may;
}

std::set<std::uint32_t> globals_of(const TypedProgram& program, const Handler& handler) {
  std::set<std::uint32_t> globals;
  visit_globals(program, handler,
                [&globals](std::uint32_t global, GlobalUse) { globals.insert(global); });
  return globals;
}

constexpr std::size_t most_buckets = 4096;

// Why a global cannot be kept whoever updates it; nullopt: it can.
std::optional<std::string> why_not_kept(const language::Global& global, const KernelScope& scope) {
  if (scope.entries_of(global) > most_entries)
    return fmt::format("{} has room for too many entries", global.name);
  if (language::bucket_count(global.histogram) > most_buckets)
    return fmt::format("the histogram of {} has too many buckets", global.name);
  if (global.wraps) return fmt::format("{} drops its oldest entries", global.name);
  if (global.keeps_variance) return fmt::format("the variance of {} is asked for", global.name);
  return std::nullopt;
}

class Accumulator {
 public:
  Accumulator(const TypedProgram& program, const std::vector<bool>& may_be_kept,
              const KernelScope& scope)
      : program_(program),
        scope_(scope),
        blocked_(program.globals.size()),
        updates_(program.handlers.size()) {
    result_.in_kernel = may_be_kept;
    result_.notes.resize(program.handlers.size());
  }

  Accumulation accumulate() {
    find_candidates();
    block_globals();
    while (drop_blocked_handlers()) {
    }
    std::set<std::uint32_t> named;
    for (std::uint32_t handler = 0; handler < program_.handlers.size(); ++handler) {
      if (!result_.in_kernel[handler]) continue;
      add_to_tables(handler);
      named.merge(globals_of(program_, program_.handlers[handler]));
    }
    for (Table& table : result_.tables.tables) set_capacity(table);
    for (const std::uint32_t global : named)
      if (scope_.is_of_threads(global)) add_thread_array(global);
    std::ranges::sort(result_.tables.updates, std::less(), &Update::statement);
    return std::move(result_);
  }

 private:
  void find_candidates() {
    const bool may_end = std::ranges::any_of(program_.handlers, [this](const Handler& handler) {
      return (is_of_events(handler) || std::ranges::any_of(handler.points, is_fast)) &&
             may_end_the_run(program_, handler);
    });
    for (std::uint32_t i = 0; i < program_.handlers.size(); ++i) {
      if (!result_.in_kernel[i]) continue;
      auto updates = updates_of(program_, program_.handlers[i], scope_);
      if (!updates)
        drop(i, std::move(updates.error()));
      else if (may_end)
        drop(i, program_.handlers[i].span,
             "a handler of events, or of a fast timer, may end the run");
      else
        updates_[i] = std::move(*updates);
    }
  }

  void drop(std::uint32_t handler, Span span, std::string reason) {
    drop(handler, {Note::About::handler, span, std::move(reason)});
  }

  void drop(std::uint32_t handler, Note note) {
    result_.in_kernel[handler] = false;
    result_.notes[handler].push_back(std::move(note));
    updates_[handler].clear();
  }

  void block_globals() {
    for (std::uint32_t i = 0; i < program_.globals.size(); ++i)
      blocked_[i] = why_not_kept(program_.globals[i], scope_);
    for (const Handler& handler : program_.handlers)
      for (const language::Point& point : handler.points)
        for (const std::uint32_t global : globals_of(program_, handler)) {
          if (is_fast(point))
            block(global, fmt::format("{} looks at {} too often", point.text, name_of(global)));
          // The machine's handlers may fail before what is kept of events behind them.
          if (std::holds_alternative<language::OnError>(point.trigger))
            block(global, fmt::format("an error handler looks at {}", name_of(global)));
        }
    std::vector<std::optional<Cell>> cells(program_.globals.size());
    for (const std::vector<GlobalUpdate>& updates : updates_)
      for (const GlobalUpdate& update : updates) {
        std::optional<Cell>& known = cells[update.cell.global];
        if (known && known->kind != update.cell.kind)
          block(update.cell.global,
                fmt::format("{} is updated in different ways", name_of(update.cell.global)));
        known = update.cell;
      }
  }

  void block(std::uint32_t global, std::string reason) {
    if (!blocked_[global]) blocked_[global] = std::move(reason);
  }

  const std::string& name_of(std::uint32_t global) const { return program_.globals[global].name; }

  // Once for those that name a blocked global, which blocks all that they name. False: there were
  // none.
  bool drop_blocked_handlers() {
    bool dropped = false;
    for (std::uint32_t i = 0; i < program_.handlers.size(); ++i) {
      const Handler& handler = program_.handlers[i];
      if (!is_of_events(handler)) continue;
      const std::set<std::uint32_t> named = globals_of(program_, handler);
      const auto blocked =
          std::ranges::find_if(named, [this](auto global) { return blocked_[global].has_value(); });
      if (result_.in_kernel[i] && blocked != named.end()) {
        drop(i, handler.span, *blocked_[*blocked]);
        dropped = true;
      }
      if (result_.in_kernel[i]) continue;
      for (const std::uint32_t global : named) {
        if (blocked_[global] || scope_.settled[global]) continue;
        block(global, fmt::format("a handler that runs in the machine uses {}", name_of(global)));
        dropped = true;
      }
    }
    return dropped;
  }

  void add_to_tables(std::uint32_t handler) {
    for (const GlobalUpdate& update : updates_[handler]) {
      intern_texts(program_.handlers[handler], update);
      const std::uint32_t table = table_for(handler, update);
      std::vector<Cell>& cells = result_.tables.tables[table].cells;
      auto cell = std::ranges::find(cells, update.cell);
      if (cell == cells.end()) cell = cells.insert(cells.end(), update.cell);
      result_.tables.updates.push_back(
          {update.statement, table, static_cast<std::uint32_t>(cell - cells.begin())});
    }
  }

  // One of the same columns whose keys are written the same, so that they are the same entries.
  std::uint32_t table_for(std::uint32_t handler, const GlobalUpdate& update) {
    const std::string text =
        language::dump_keys(update.target->keys, {program_, program_.handlers[handler].locals});
    std::vector<Table>& tables = result_.tables.tables;
    std::uint32_t at = 0;
    while (at < tables.size() && !(key_texts_[at] == text && tables[at].key == update.key)) ++at;
    if (at == tables.size()) {
      tables.push_back({.key = update.key});
      key_texts_.push_back(text);
    }
    return at;
  }

  void set_capacity(Table& table) const {
    if (table.key.empty()) return;
    std::int64_t entries = 0;
    for (const Cell& cell : table.cells)
      entries += scope_.entries_of(program_.globals[cell.global]);
    const bool makes_texts = std::ranges::any_of(
        table.key, [](const Kept& column) { return column.as == Kept::As::made_text; });
    if (makes_texts) entries = 2 * std::max(entries, usual_entries);
    table.capacity = static_cast<std::uint32_t>(entries);
  }

  Span first_update_of(std::uint32_t global) const {
    std::optional<Span> first;
    for (const Handler& handler : program_.handlers)
      visit_reached(program_, handler, {.expression = [&](const language::Expr& expression) {
                      const language::Place* target = language::assigned_place(expression);
                      if (first || target == nullptr) return;
                      if (target->kind == language::Place::Kind::global && target->index == global)
                        first = expression.span;
                    }});
    return first.value_or(program_.globals[global].span);
  }

  void add_thread_array(std::uint32_t global) {
    const language::Global& array = program_.globals[global];
    ThreadArray added{.global = global,
                      .key = {},
                      .capacity = static_cast<std::uint32_t>(scope_.entries_of(array)),
                      .first_update = first_update_of(global)};
    for (const Type column : array.keys)
      added.key.push_back({column == Type::number ? Kept::As::number : Kept::As::field_text, {}});
    result_.tables.thread_arrays.push_back(std::move(added));
  }

  void intern_texts(const Handler& handler, const GlobalUpdate& update) {
    for (std::size_t i = 0; i < update.key.size(); ++i)
      if (update.key[i].as == Kept::As::known_text)
        plan::intern_texts(handler, *update.target->keys[i], result_.tables);
    const auto* assign = std::get_if<language::Assign>(&update.statement->node);
    if (assign && update.cell.value.as == Kept::As::known_text)
      plan::intern_texts(handler, *assign->value, result_.tables);
  }

  const TypedProgram& program_;
  const KernelScope& scope_;
  Accumulation result_;
  std::vector<std::optional<std::string>> blocked_;  // by global: why it is not kept
  std::vector<std::vector<GlobalUpdate>> updates_;   // by handler
  std::vector<std::string> key_texts_;               // by table
};

}  // namespace

Accumulation accumulation_of(const TypedProgram& program, const std::vector<bool>& may_be_kept,
                             const KernelScope& scope) {
  return Accumulator(program, may_be_kept, scope).accumulate();
}

bool must_find_merged(const TypedProgram& program, const Handler& handler, const Tables& tables) {
  if (tables.tables.empty() || only_begins(handler)) return false;
  if (may_end_the_run(program, handler)) return true;
  const std::set<std::uint32_t> named = globals_of(program, handler);
  return std::ranges::any_of(tables.tables, [&named](const Table& table) {
    return std::ranges::any_of(table.cells,
                               [&named](const Cell& cell) { return named.contains(cell.global); });
  });
}

}  // namespace socktap::plan
