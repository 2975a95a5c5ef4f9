// What the kernel throws away is what no handler of the machine does anything with.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "both_ways.h"
#include "ebpf/script_compiler.h"
#include "plan/plan.h"
#include "random_script.h"

namespace socktap::test {
namespace {

constexpr int scripts_in_a_test = 300;
constexpr int events_each = 40;

struct Firings {
  int handlers;  // that ran for an event
  bool printed;
};

Firings fire(MachineRun& machine, const Event& event) {
  const int handlers = machine.handle(event);
  return {handlers, !machine.take_output().empty()};
}

struct Tally {
  int filtered = 0;  // scripts
  int wanted = 0;    // events that a handler did something with
  int thrown_away = 0;
  int lost = 0;  // of those that were wanted
  int idle = 0;  // kept, although a handler that is asked does nothing
  std::string first_loss;
};

// `change` is made to each filter before it is loaded.
Tally compare(std::uint64_t seed, int scripts, void (*change)(ebpf::Program&)) {
  Tally tally;
  RandomScript random(seed);
  for (int i = 0; i < scripts; ++i) {
    const std::string text = random.filtered_script();
    auto script = check_script(text);
    EXPECT_TRUE(script) << text;
    if (!script) continue;
    MachineRun machine(std::move(*script));
    const plan::Plan plan = plan::make_plan(machine.program(), {.filters = true});
    std::optional<ebpf::Program> filter = ebpf::compile_script(plan, {.target = target_process});
    if (!filter) continue;
    ++tally.filtered;
    change(*filter);
    const ebpf::MemoryLayout nothing;
    KernelRun kernel(std::move(*filter), plan, nothing);
    for (int j = 0; j < events_each; ++j) {
      const WholeEvent whole = random.event();
      const Event& event = whole.record;
      const Firings firings = fire(machine, event);
      const bool kept = kernel.handle(event) != 0;
      tally.wanted += firings.printed;
      tally.thrown_away += !kept;
      tally.idle += kept && firings.handlers > 0 && !firings.printed;
      if (!firings.printed || kept) continue;
      if (tally.lost++ == 0) tally.first_loss = text + describe(event) + "\n" + kernel.text();
    }
  }
  return tally;
}

// The last comparison the other way round: it is one of a condition.
void turn_a_comparison_round(ebpf::Program& program) {
  ebpf::JumpIf* last = nullptr;
  for (ebpf::Line& line : program.lines)
    if (auto* jump = std::get_if<ebpf::JumpIf>(&line.instruction)) last = jump;
  if (last == nullptr) return;
  last->condition = last->condition == ebpf::Condition::equal ? ebpf::Condition::not_equal
                                                              : ebpf::Condition::equal;
}

class FilterAgreement : public testing::Test {
 protected:
  void SetUp() override {
    const auto map = ebpf::kernel::new_map(BPF_MAP_TYPE_ARRAY, sizeof(Event), 1);
    if (!map) GTEST_SKIP() << "bpf(2) is refused here: " << map.error().message;
  }
};

TEST_F(FilterAgreement, TheKernelKeepsWhatAHandlerWantsAndNotMuchElse) {
  const char* nightly = std::getenv("SOCKTAP_TEST_SCRIPTS");
  const int scripts = nightly ? std::atoi(nightly) : scripts_in_a_test;
  const Tally tally = compare(1, scripts, leave_alone);
  std::cout << tally.filtered << " of " << scripts << " scripts filtered; events: " << tally.wanted
            << " wanted, " << tally.thrown_away << " thrown away, " << tally.idle << " idle\n";
  EXPECT_EQ(tally.lost, 0) << tally.first_loss;
  EXPECT_GT(tally.filtered, scripts * 9 / 10);
  EXPECT_GT(tally.wanted, scripts);
  EXPECT_GT(tally.thrown_away, scripts);
  EXPECT_LT(tally.idle, tally.thrown_away / 10) << "conditions that were too deep";
}

TEST_F(FilterAgreement, AFaultIsNoticed) {
  const Tally right = compare(2, 60, leave_alone);
  const Tally wrong = compare(2, 60, turn_a_comparison_round);
  EXPECT_EQ(right.lost, 0) << right.first_loss;
  EXPECT_GT(wrong.lost, 20);
  EXPECT_GT(wrong.idle, right.idle + 20);
}

}  // namespace
}  // namespace socktap::test
