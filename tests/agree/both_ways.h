// A script in the machine alone, which is its meaning, and beside it with all that can be in the
// kernel there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "ebpf/program.h"
#include "kernel_run.h"
#include "machine_run.h"
#include "plan/plan.h"

namespace socktap::test {

inline void leave_alone(ebpf::Program&) {}

class BothWays {
 public:
  // The same script twice. `change` may break the kernel's part.
  BothWays(CheckedScript alone, CheckedScript together,
           void (*change)(ebpf::Program&) = leave_alone);

  const plan::Plan& plan() const { return plan_; }
  std::string text() const { return kernel_ ? kernel_->text() : ""; }  // of the kernel's part

  // What the kernel's part answered: SOCKTAP_SCRIPT_ bits; 0 of an event that nobody asks for.
  std::uint32_t handle(const Event& event, unsigned cpu);

  // The same, before things can be kept: the machine is sent the event, or there is none.
  void handle_early(const Event& event);

  // The handlers that have such a trigger.
  template <typename Kind>
  void run_all() {
    for (const plan::HandlerPlan& handler : plan_.handlers)
      if (has<Kind>(handler)) run(handler);
  }

  // Once the begin handlers have run.
  void settle();

  // Takes what was kept, if anything was.
  void merge();

  bool failed_alone() const { return alone_.failed(); }
  bool failed_together() const { return together_.failed(); }

  // "" if both printed the same since the last call.
  std::string difference();

 private:
  template <typename Kind>
  bool has(const plan::HandlerPlan& handler) const {
    return std::ranges::any_of(
        plan_.program->handlers[handler.handler].points,
        [](const auto& point) { return std::holds_alternative<Kind>(point.trigger); });
  }
  bool is_asked_for(const Event& event) const;
  void run(const plan::HandlerPlan& handler);

  MachineRun alone_;
  MachineRun together_;
  const plan::Plan plan_;
  const ebpf::MemoryLayout layout_;
  std::optional<KernelRun> kernel_;
};

}  // namespace socktap::test
