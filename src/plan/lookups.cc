#include "plan/lookups.h"

#include <algorithm>
#include <functional>

#include "language/walk.h"

namespace socktap::plan {
namespace {

using language::Expr;

class Collector {
 public:
  Collector(Plan& plan, const language::Handler& handler, const KernelScope& scope)
      : program_(*plan.program), tables_(plan.tables), handler_(handler), scope_(scope) {}

  void collect(const Expr& expression) {
    const auto* contains = std::get_if<language::Contains>(&expression.node);
    if (contains && !scope_.is_of_threads(contains->global)) add(expression, *contains);
    const auto* load = std::get_if<language::Load>(&expression.node);
    if (load && load->place.kind == language::Place::Kind::global && load->place.keys.empty())
      add_constant(load->place.index);
  }

 private:
  void add(const Expr& expression, const language::Contains& node) {
    KeySet set{
        .global = node.global,
        .key = {},
        .capacity = static_cast<std::uint32_t>(scope_.entries_of(program_.globals[node.global]))};
    for (const language::ExprPtr& key : node.keys) {
      set.key.push_back(*how_kept(program_, handler_, *key, scope_));
      if (set.key.back().as == Kept::As::known_text) intern_texts(handler_, *key, tables_);
    }
    auto known = std::ranges::find_if(tables_.sets, [&set](const KeySet& other) {
      return other.global == set.global && other.key == set.key;
    });
    if (known == tables_.sets.end()) known = tables_.sets.insert(known, std::move(set));
    tables_.lookups.push_back(
        {&expression, static_cast<std::uint32_t>(known - tables_.sets.begin())});
  }

  void add_constant(std::uint32_t global) {
    if (std::ranges::find(tables_.constants, global) == tables_.constants.end())
      tables_.constants.push_back(global);
  }

  const language::TypedProgram& program_;
  Tables& tables_;
  const language::Handler& handler_;
  const KernelScope& scope_;
};

}  // namespace

void add_lookups(Plan& plan, const KernelScope& scope) {
  for (const HandlerPlan& planned : plan.handlers) {
    const language::Handler& handler = plan.program->handlers[planned.handler];
    Collector collector(plan, handler, scope);
    const auto visit = [&collector](const Expr& expression) { collector.collect(expression); };
    if (!planned.in_kernel)
      for (const Conjunct& conjunct : planned.filter) language::walk(*conjunct.condition, visit);
    if (planned.in_kernel && handler.condition) language::walk(*handler.condition, visit);
    if (planned.in_kernel) language::walk(*handler.body, visit);
  }
  std::ranges::sort(plan.tables.lookups, std::less(), &Lookup::expression);
}

}  // namespace socktap::plan
