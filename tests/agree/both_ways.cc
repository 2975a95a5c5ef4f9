#include "both_ways.h"

#include "ebpf/script_compiler.h"
#include "event/derived.h"

namespace socktap::test {

BothWays::BothWays(CheckedScript alone, CheckedScript together, void (*change)(ebpf::Program&))
    : alone_(std::move(alone)),
      together_(std::move(together)),
      plan_(plan::make_plan(together_.program(), {.filters = true, .accumulates = true})),
      layout_(plan_.tables.empty() ? ebpf::MemoryLayout{} : ebpf::memory_layout(plan_)) {
  auto part = ebpf::compile_script(plan_, {.target = target_process, .secret = KernelRun::secret});
  if (!part) return;
  change(*part);
  kernel_.emplace(std::move(*part), plan_, layout_);
}

std::uint32_t BothWays::handle(const Event& event, unsigned cpu) {
  if (!is_asked_for(event)) return 0;
  alone_.handle(event);
  const std::uint32_t answer =
      kernel_ ? kernel_->handle(event, cpu) : std::uint32_t{SOCKTAP_SCRIPT_WANTS};
  if (answer & SOCKTAP_SCRIPT_WANTS)
    together_.handle(event, [this](std::uint32_t i) { return plan_.handlers[i].in_kernel; });
  return answer;
}

void BothWays::handle_early(const Event& event) {
  if (!is_asked_for(event) || !plan_.tables.thread_arrays.empty()) return;
  alone_.handle(event);
  together_.handle(event);
}

// No other events get to the script's part.
bool BothWays::is_asked_for(const Event& event) const {
  return std::ranges::any_of(plan_.points, [&event](const tapset::ProbePoint* point) {
    return point->fires_for(operation_of(event), phase_of(event), path_of(event));
  });
}

void BothWays::run(const plan::HandlerPlan& handler) {
  alone_.run(handler.handler);
  if (handler.finds_merged) merge();
  together_.run(handler.handler);
}

void BothWays::settle() {
  if (kernel_ && layout_.size > 0) kernel_->settle(together_.settled(plan_.tables));
}

void BothWays::merge() {
  if (kernel_ && layout_.size > 0) together_.merge(kernel_->take());
}

std::string BothWays::difference() {
  const std::string one = alone_.take_output(), other = together_.take_output();
  return one == other ? "" : "alone:\n" + one + "together:\n" + other;
}

}  // namespace socktap::test
