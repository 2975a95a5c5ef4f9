#include "session/dispatch.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"

namespace socktap::session {
namespace {

using Ordered = std::vector<std::pair<std::int64_t, Firing>>;

std::vector<Firing> sorted(Ordered firings) {
  std::ranges::stable_sort(firings, {}, &Ordered::value_type::first);
  std::vector<Firing> result;
  result.reserve(firings.size());
  for (const auto& [order, firing] : firings) result.push_back(firing);
  return result;
}

}  // namespace

Dispatch::Dispatch(const plan::Plan& plan) {
  const language::TypedProgram& program = *plan.program;
  of_calls_.resize((tapset::calls().size() + 1) * phases);
  Ordered begins, ends, errors;
  for (std::uint32_t handler = 0; handler < program.handlers.size(); ++handler) {
    for (const language::Point& point : program.handlers[handler].points) {
      const Firing firing{handler, nullptr, point.text, point.name};
      std::visit(
          Overloaded{
              [&](const language::Begin& begin) { begins.emplace_back(begin.order, firing); },
              [&](const language::End& end) { ends.emplace_back(end.order, firing); },
              [&](const language::OnError& error) { errors.emplace_back(error.order, firing); },
              [&](const tapset::ProbePoint* tap) {
                add_tap({handler, tap, point.text, point.name, plan.handlers[handler].in_kernel});
              },
              [](const language::Timer&) {},  // the timer queue's
              [](const language::Never&) {},
          },
          point.trigger);
    }
  }
  begins_ = sorted(std::move(begins));
  ends_ = sorted(std::move(ends));
  errors_ = sorted(std::move(errors));
}

void Dispatch::add_call(const Firing& firing) {
  const tapset::ProbePoint& point = *firing.point;
  if (point.covers_every_call()) of_calls_[call_slot(0, point.phase)].push_back(firing);
  for (const tapset::Call& form : point.forms) {
    const auto index = static_cast<std::size_t>(&form - tapset::calls().data());
    of_calls_[call_slot(index + 1, point.phase)].push_back(firing);
  }
}

void Dispatch::add_tap(const Firing& firing) {
  if (firing.point->operation == tapset::Operation::call) return add_call(firing);
  for (std::size_t path = 0; path < paths; ++path) {
    const auto as_path = static_cast<tapset::Path>(path);
    if (!firing.point->paths.contains(as_path)) continue;
    of_events_[slot(firing.point->operation, firing.point->phase, as_path)].push_back(firing);
  }
}

}  // namespace socktap::session
