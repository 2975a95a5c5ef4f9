#include "plan/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "language/program_dump_expression.h"
#include "language/typed_children.h"
#include "plan/reach.h"

namespace socktap::plan {
namespace {

using language::Expr;

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

class Explainer {
 public:
  Explainer(const Plan& plan, const SourceMap& sources)
      : plan_(plan), program_(*plan.program), sources_(sources) {}

  std::vector<HandlerExplanation> explain() const {
    std::vector<HandlerExplanation> all;
    for (const HandlerPlan& handler : plan_.handlers) {
      const language::Handler& typed = program_.handlers[handler.handler];
      HandlerExplanation told{.place = sources_.describe(typed.span),
                              .has_events = !handler.points.empty(),
                              .in_kernel = !handler.points.empty() && handler.in_kernel,
                              .finds_merged = handler.finds_merged};
      for (const language::Point& point : typed.points) told.points.push_back(point.text);
      if (told.in_kernel)
        tell_of_kernel(typed, told);
      else if (told.has_events)
        tell_of_machine(handler, typed, told);
      all.push_back(std::move(told));
    }
    return all;
  }

 private:
  void tell_of_kernel(const language::Handler& handler, HandlerExplanation& told) const {
    told.kept = kept_by(handler);
    for (const std::string& array : thread_arrays_of(handler)) told.thread_arrays.push_back(array);
  }

  void tell_of_machine(const HandlerPlan& handler, const language::Handler& typed,
                       HandlerExplanation& told) const {
    for (const Conjunct& conjunct : handler.filter) {
      const std::string condition =
          language::dump_expression(*conjunct.condition, {program_, typed.locals, false});
      told.conditions.push_back(conjunct.holds ? condition : "!" + condition);
    }
    for (int i = 0; i < tapset::field_count; ++i)
      if (handler.fields.contains(static_cast<tapset::Field>(i)))
        told.fields.emplace_back(tapset::field_names[i]);
    for (const Note& note : handler.notes)
      if (told.reasons.empty() || note.reason != told.reasons.back().text)
        told.reasons.push_back({std::string(note.reason), sources_.describe(note.span)});
  }

  // "the sum of n by [execname(), pid()]": each once, in the order of the text.
  std::vector<std::string> kept_by(const language::Handler& handler) const {
    std::vector<std::string> kept;
    visit_reached(program_, handler, {.expression = [&](const Expr& expression) {
                    const Update* update = plan_.tables.find_update(expression);
                    if (update == nullptr) return;
                    const Cell& cell = plan_.tables.tables[update->table].cells[update->cell];
                    const auto& keys = language::assigned_place(expression)->keys;
                    std::string text = fmt::format("the {} of {}", name_of(cell.kind),
                                                   program_.globals[cell.global].name);
                    if (!keys.empty())
                      text += " by " + language::dump_keys(keys, {program_, handler.locals, false});
                    if (std::ranges::find(kept, text) == kept.end()) kept.push_back(text);
                  }});
    return kept;
  }

  std::set<std::string> thread_arrays_of(const language::Handler& handler) const {
    std::set<std::string> names;
    visit_globals(program_, handler, [&](std::uint32_t global, GlobalUse) {
      if (plan_.tables.thread_array_of(global)) names.insert(program_.globals[global].name);
    });
    return names;
  }

  const Plan& plan_;
  const language::TypedProgram& program_;
  const SourceMap& sources_;
};

class Text {
 public:
  void add(const HandlerExplanation& handler) {
    line("{} ({})", joined(handler.points, ", "), handler.place);
    if (!handler.has_events)
      line(
          "  runs in user space{}",
          handler.finds_merged ? ", when what the kernel keeps has been added to the globals" : "");
    else if (handler.in_kernel)
      add_kernel(handler);
    else
      add_machine(handler);
  }
  std::string take() { return std::move(text_); }

 private:
  template <typename... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
    text_ += '\n';
  }

  void add_kernel(const HandlerExplanation& handler) {
    line("  runs in the kernel, the whole of it; its events are not sent");
    for (const std::string& kept : handler.kept) line("  keeps there {}", kept);
    for (const std::string& array : handler.thread_arrays)
      line("  keeps there each thread's elements of {}", array);
  }

  void add_machine(const HandlerExplanation& handler) {
    if (!handler.conditions.empty())
      line("  tested in the kernel: {}; other events are not sent",
           joined(handler.conditions, " and "));
    line("  sent: {}",
         handler.fields.empty() ? "that it happened, and when" : joined(handler.fields, ", "));
    line("  runs in user space{}", handler.conditions.empty() ? "" : ", from these conditions on");
    for (const Reason& reason : handler.reasons) line("  why: {} ({})", reason.text, reason.place);
  }

  std::string text_;
};

}  // namespace

std::vector<HandlerExplanation> explain(const Plan& plan, const SourceMap& sources) {
  return Explainer(plan, sources).explain();
}

std::string explanation(const Plan& plan, const SourceMap& sources) {
  Text text;
  for (const HandlerExplanation& handler : explain(plan, sources)) text.add(handler);
  return text.take();
}

}  // namespace socktap::plan
