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

  std::string explain() {
    for (const HandlerPlan& handler : plan_.handlers) {
      const language::Handler& typed = program_.handlers[handler.handler];
      std::vector<std::string> points;
      for (const language::Point& point : typed.points) points.push_back(point.text);
      line("{} ({})", joined(points, ", "), sources_.describe(typed.span));
      if (handler.points.empty())
        tell_of_no_events(handler);
      else if (handler.in_kernel)
        tell_of_kernel(typed);
      else
        tell_of_machine(handler, typed);
    }
    return std::move(text_);
  }

 private:
  template <typename... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
    text_ += '\n';
  }

  void tell_of_no_events(const HandlerPlan& handler) {
    line("  runs in user space{}",
         handler.finds_merged ? ", when what the kernel keeps has been added to the globals" : "");
  }

  void tell_of_kernel(const language::Handler& handler) {
    line("  runs in the kernel, the whole of it; its events are not sent");
    for (const std::string& kept : kept_by(handler)) line("  keeps there {}", kept);
    for (const std::string& array : thread_arrays_of(handler))
      line("  keeps there each thread's elements of {}", array);
  }

  void tell_of_machine(const HandlerPlan& handler, const language::Handler& typed) {
    std::vector<std::string> conditions;
    for (const Conjunct& conjunct : handler.filter) {
      const std::string condition =
          language::dump_expression(*conjunct.condition, {program_, typed.locals, false});
      conditions.push_back(conjunct.holds ? condition : "!" + condition);
    }
    if (!conditions.empty())
      line("  tested in the kernel: {}; other events are not sent", joined(conditions, " and "));
    line("  sent: {}", fields_of(handler));
    line("  runs in user space{}", conditions.empty() ? "" : ", from these conditions on");
    std::string told;
    for (const Note& note : handler.notes) {
      if (note.reason != told) line("  why: {} ({})", note.reason, sources_.describe(note.span));
      told = note.reason;
    }
  }

  static std::string fields_of(const HandlerPlan& handler) {
    std::vector<std::string> fields;
    for (int i = 0; i < tapset::field_count; ++i)
      if (handler.fields.contains(static_cast<tapset::Field>(i)))
        fields.emplace_back(tapset::field_names[i]);
    return fields.empty() ? "that it happened, and when" : joined(fields, ", ");
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
  std::string text_;
};

}  // namespace

std::string explanation(const Plan& plan, const SourceMap& sources) {
  return Explainer(plan, sources).explain();
}

}  // namespace socktap::plan
