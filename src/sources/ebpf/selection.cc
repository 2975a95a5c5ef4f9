#include "sources/ebpf/selection.h"

#include <algorithm>
#include <utility>

#include "sources/ebpf/remedies.h"

namespace socktap::sources::ebpf {

namespace {

void prefer_kprobes(std::vector<const Strategy*>& best_first) {
  const auto is_on = [](Backend backend) {
    return [backend](const Strategy* strategy) { return strategy->backend == backend; };
  };
  const auto hook = std::ranges::find_if(best_first, is_on(Backend::fentry));
  const auto probe = std::find_if(hook, best_first.end(), is_on(Backend::kprobe));
  if (probe != best_first.end()) std::rotate(hook, probe, probe + 1);
}

}  // namespace

Selection::Selection(const std::vector<Aspect>& aspects, const std::vector<std::string>& disabled,
                     std::optional<Backend> backend, Preemption preemption) {
  for (const Aspect aspect : aspects) {
    Choice choice{.aspect = aspect};
    for (const Strategy& strategy : strategies()) {
      if (strategy.aspect != aspect || (strategy.only_preempted && !preemption.tracepoints))
        continue;
      if (std::find(disabled.begin(), disabled.end(), strategy.name) != disabled.end())
        choice.refusals.push_back({std::string(strategy.name), "disabled by request", ""});
      else if (!suits(strategy, backend))
        choice.refusals.push_back({std::string(strategy.name), "another backend is asked for", ""});
      else
        choice.left.push_back(&strategy);
    }
    if (preemption.hooks) prefer_kprobes(choice.left);
    choices_.push_back(std::move(choice));
  }
}

std::vector<const Strategy*> Selection::chosen() const {
  std::vector<const Strategy*> chosen;
  for (const Choice& choice : choices_)
    if (!choice.left.empty()) chosen.push_back(choice.left.front());
  return chosen;
}

const Selection::Choice* Selection::find(Aspect aspect) const {
  const auto found = std::find_if(choices_.begin(), choices_.end(), [aspect](const Choice& choice) {
    return choice.aspect == aspect;
  });
  return found == choices_.end() ? nullptr : &*found;
}

Selection::Choice* Selection::find(Aspect aspect) {
  return const_cast<Choice*>(std::as_const(*this).find(aspect));
}

const Strategy* Selection::chosen(Aspect aspect) const {
  const Choice* choice = find(aspect);
  return choice && !choice->left.empty() ? choice->left.front() : nullptr;
}

const std::vector<Refusal>& Selection::refusals(Aspect aspect) const {
  static const std::vector<Refusal> none;
  const Choice* choice = find(aspect);
  return choice ? choice->refusals : none;
}

bool Selection::is_settled(Aspect aspect) const {
  const Choice* choice = find(aspect);
  return !choice || choice->settled || (choice->left.size() < 2 && choice->aside.empty());
}

bool Selection::has(Backend backend) const {
  return std::ranges::any_of(choices_, [backend](const Choice& choice) {
    return std::ranges::find(choice.left, backend, &Strategy::backend) != choice.left.end();
  });
}

void Selection::refuse(Backend backend, const std::string& reason, const std::string& remedy) {
  for (const Choice& choice : choices_) {
    const std::vector<const Strategy*> left = choice.left;
    for (const Strategy* strategy : left)
      if (strategy->backend == backend) refuse(*strategy, reason, remedy);
  }
}

void Selection::refuse(const Strategy& strategy, std::string reason, std::string remedy) {
  Choice* choice = find(strategy.aspect);
  if (!choice) return;
  std::erase(choice->left, &strategy);
  choice->refusals.push_back({std::string(strategy.name), std::move(reason), std::move(remedy)});
  if (choice->left.empty()) go_back(*choice);
}

void Selection::go_back(Choice& choice) {
  if (choice.aside.empty()) return;
  const Strategy* best = choice.aside.front();
  choice.left.push_back(best);
  choice.aside.erase(choice.aside.begin());
  choice.settled = true;
  std::erase_if(choice.refusals,
                [best](const Refusal& refusal) { return refusal.strategy == best->name; });
}

void Selection::set_aside(const Strategy& strategy, std::string reason) {
  Choice* choice = find(strategy.aspect);
  if (!choice) return;
  choice->aside.push_back(&strategy);
  refuse(strategy, std::move(reason), "");
}

void Selection::refuse(const Strategy& strategy, const Error& error) {
  const std::string why = error.hint.empty() ? "" : " (" + error.hint + ")";
  refuse(strategy, error.message + why, remedy_for(error.code, strategy.needs));
}

}  // namespace socktap::sources::ebpf
