// Which strategy is used for each aspect, and why the better ones were not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/coverage.h"
#include "sources/ebpf/strategy.h"

namespace socktap::sources::ebpf {

class Selection {
 public:
  // Begins with the best of each aspect, but for those whose names are `disabled` and those of
  // another backend than the one that is forced. Function hooks that are preempted come behind
  // kprobes, which are not.
  Selection(const std::vector<Aspect>& aspects, const std::vector<std::string>& disabled,
            std::optional<Backend> backend = std::nullopt, Preemption preemption = {});

  // One strategy for each aspect that still has one, in the order of the aspects.
  std::vector<const Strategy*> chosen() const;

  const Strategy* chosen(Aspect aspect) const;  // nullptr if none is left
  const std::vector<Refusal>& refusals(Aspect aspect) const;
  bool is_settled(Aspect aspect) const;  // there is no other, or all were tried

  // Whether any strategy of that backend is left.
  bool has(Backend backend) const;
  // Those of that backend that are left.
  void refuse(Backend backend, const std::string& reason, const std::string& remedy);

  // Goes on to the next one. If there is none, back to the first that was set aside.
  void refuse(const Strategy& strategy, std::string reason, std::string remedy);
  void refuse(const Strategy& strategy, const Error& error);

  // Goes on to another one: this one works, but does not see all. From the last, back to the first
  // of such, which it then is.
  void set_aside(const Strategy& strategy, std::string reason);

 private:
  struct Choice {
    Aspect aspect;
    std::vector<const Strategy*> left;  // the first is the chosen one
    std::vector<const Strategy*> aside;
    std::vector<Refusal> refusals;
    bool settled = false;  // gone back to what was set aside
  };
  static void go_back(Choice& choice);
  Choice* find(Aspect aspect);
  const Choice* find(Aspect aspect) const;

  std::vector<Choice> choices_;
};

}  // namespace socktap::sources::ebpf
