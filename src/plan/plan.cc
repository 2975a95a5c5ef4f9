#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "language/program_dump_expression.h"
#include "plan/accumulation.h"
#include "plan/lookups.h"
#include "plan/needs.h"
#include "plan/threads.h"

namespace socktap::plan {
namespace {

std::string list_fields(tapset::FieldSet fields) {
  std::string text;
  for (int i = 0; i < tapset::field_count; ++i) {
    if (!fields.contains(static_cast<tapset::Field>(i))) continue;
    if (!text.empty()) text += ' ';
    text += tapset::field_names[i];
  }
  return text.empty() ? "nothing" : text;
}

// Which events a filter may keep from the machine: all events of processes and of system calls are
// looked at by others, too.
bool has_filtered_events(const tapset::ProbePoint* point) {
  using enum tapset::Operation;
  return point->operation == send || point->operation == receive || point->operation == create ||
         point->operation == close;
}

bool may_be_filtered(const HandlerPlan& handler) {
  return !handler.points.empty() && std::ranges::all_of(handler.points, has_filtered_events);
}

void add_filter(const language::TypedProgram& program, const KernelScope& scope,
                HandlerPlan& handler) {
  if (!may_be_filtered(handler)) return;
  Filter filter = leading_filter(program, program.handlers[handler.handler], scope);
  handler.filter = std::move(filter.conjuncts);
  std::ranges::move(filter.notes, std::back_inserter(handler.notes));
}

void add_tables(const language::TypedProgram& program, const KernelScope& scope, Plan& plan) {
  std::vector<bool> may_be_kept;
  for (HandlerPlan& handler : plan.handlers) {
    const std::size_t points = program.handlers[handler.handler].points.size();
    may_be_kept.push_back(may_be_filtered(handler) && handler.points.size() == points);
    if (handler.points.empty() || may_be_kept.back()) continue;
    handler.notes.push_back({Note::About::handler, program.handlers[handler.handler].span,
                             may_be_filtered(handler)
                                 ? "it runs for other things than events, too"
                                 : "only what happens to sockets is handled in the kernel"});
  }
  Accumulation accumulation = accumulation_of(program, may_be_kept, scope);
  plan.tables = std::move(accumulation.tables);
  for (HandlerPlan& handler : plan.handlers) {
    handler.in_kernel = accumulation.in_kernel[handler.handler];
    if (handler.in_kernel) handler.notes.clear();
    std::ranges::move(accumulation.notes[handler.handler], std::back_inserter(handler.notes));
    handler.finds_merged =
        handler.points.empty() &&
        must_find_merged(program, program.handlers[handler.handler], plan.tables);
  }
  add_lookups(plan, scope);
}

// "size > 100", "!(pid() == 7)"
std::string text_of(const Plan& plan, const HandlerPlan& handler, const Conjunct& conjunct) {
  const language::TypedProgram& program = *plan.program;
  const std::string text = language::dump_expression(
      *conjunct.condition, {program, program.handlers[handler.handler].locals});
  return conjunct.holds ? text : "!" + text;
}

std::string_view text_of(Kept kept) {
  switch (kept.as) {
    case Kept::As::number:
      return "number";
    case Kept::As::field_text:
      return "text of the event";
    case Kept::As::known_text:
      return "known text";
    case Kept::As::made_text:
      return tapset::row(*kept.function).name;
  }
  return "";
}

// "by [number, sock_fam_num2str], 2048 entries"
std::string text_of(const std::vector<Kept>& key, std::uint32_t capacity) {
  std::string columns;
  for (const Kept& column : key)
    columns += fmt::format("{}{}", columns.empty() ? "" : ", ", text_of(column));
  return fmt::format("by [{}], {} entries", columns, capacity);
}

// "sum of n, last value of user by [number, sock_fam_num2str], 2048 entries"
std::string text_of(const Plan& plan, const Table& table) {
  std::string text;
  for (const Cell& cell : table.cells)
    text += fmt::format("{}{} of {}", text.empty() ? "" : ", ", name_of(cell.kind),
                        plan.program->globals[cell.global].name);
  if (table.key.empty()) return text;
  return fmt::format("{} {}", text, text_of(table.key, table.capacity));
}

// "elements of t by [number], 2048 entries"
std::string text_of(const Plan& plan, const ThreadArray& array) {
  return fmt::format("elements of {} {}", plan.program->globals[array.global].name,
                     text_of(array.key, array.capacity));
}

}  // namespace

Plan make_plan(const language::TypedProgram& program, const Capabilities& capabilities,
               std::int64_t undeclared_entries, Shown shown) {
  Plan plan;
  plan.program = &program;
  plan.filters = capabilities.filters;
  const std::vector<tapset::FieldSet> fields = fields_read(program, shown);
  const SettledGlobals settled =
      capabilities.accumulates ? settled_globals(program) : SettledGlobals();
  for (std::uint32_t i = 0; i < program.handlers.size(); ++i) {
    HandlerPlan handler{.handler = i};
    for (const language::Point& point : program.handlers[i].points) {
      const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger);
      if (tap == nullptr) continue;
      handler.points.push_back(*tap);
      if (std::ranges::find(plan.points, *tap) == plan.points.end()) plan.points.push_back(*tap);
    }
    if (!handler.points.empty()) handler.fields = fields[i];
    if (capabilities.filters)
      add_filter(program, {Part::filter, settled, {}, undeclared_entries}, handler);
    plan.fields |= handler.fields;
    plan.handlers.push_back(std::move(handler));
  }
  if (capabilities.accumulates)
    add_tables(program,
               {Part::handler, settled, thread_arrays(program, settled), undeclared_entries}, plan);
  return plan;
}

std::string dump(const Plan& plan) {
  std::string out;
  const auto line = std::back_inserter(out);
  for (const HandlerPlan& handler : plan.handlers) {
    fmt::format_to(line, "handler {}:", handler.handler);
    for (const language::Point& point : plan.program->handlers[handler.handler].points) {
      fmt::format_to(line, " {}", point.text);
    }
    out += '\n';
    for (const Conjunct& conjunct : handler.filter)
      fmt::format_to(line, "  only if {}\n", text_of(plan, handler, conjunct));
    if (!handler.points.empty()) {
      fmt::format_to(line, "  captured and sent: {}\n", list_fields(handler.fields));
    }
    out += handler.in_kernel ? "  runs where the events arise\n" : "  runs in the machine\n";
    for (const Note& note : handler.notes) fmt::format_to(line, "  note: {}\n", note.text());
  }
  for (const Table& table : plan.tables.tables)
    fmt::format_to(line, "kept where events arise: {}\n", text_of(plan, table));
  for (const ThreadArray& array : plan.tables.thread_arrays)
    fmt::format_to(line, "kept where events arise: {}\n", text_of(plan, array));
  fmt::format_to(line, "captured for the whole script: {}\n", list_fields(plan.fields));
  return out;
}

}  // namespace socktap::plan
