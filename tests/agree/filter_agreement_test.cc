// What the kernel throws away is what no handler of the machine does anything with.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "base/source_map.h"
#include "ebpf/disassemble.h"
#include "ebpf/filter_compiler.h"
#include "ebpf/kernel_test.h"
#include "event/derived.h"
#include "language/language.h"
#include "plan/plan.h"
#include "random_script.h"
#include "vm/compile.h"
#include "vm/machine.h"

namespace socktap::test {
namespace {

using ebpf::Register;

constexpr int scripts_in_a_test = 300;
constexpr int events_each = 40;
constexpr std::int64_t target_process = 127;  // a number that events have now and then

class Printed : public vm::Host {
 public:
  void emit(const Record& record) override { lines += record.kind == RecordKind::output; }
  std::int64_t target() const override { return target_process; }
  bool is_target_or_descendant(std::int64_t) const override { return false; }

  int lines = 0;
};

struct Firings {
  int handlers;  // that ran for an event
  int printed;
};

// A script in the machine, which is its meaning.
class InTheMachine {
 public:
  explicit InTheMachine(const std::string& text) {
    const auto source = sources_.add("t.stp", text);
    const auto parsed = language::parse(sources_, source, {});
    EXPECT_TRUE(parsed.value) << text;
    auto checked = language::check(*parsed.value, {});
    EXPECT_TRUE(checked.value) << text;
    program_ = std::move(*checked.value);
    code_ = vm::compile(program_);
    machine_ = std::make_unique<vm::Machine>(code_, sources_, vm::Limits{}, printed_);
  }

  const language::TypedProgram& program() const { return program_; }

  Firings run(const Event& event) {
    const int before = printed_.lines;
    int handlers = 0;
    for (std::uint32_t i = 0; i < program_.handlers.size(); ++i)
      for (const language::Point& point : program_.handlers[i].points) {
        const auto* tap = std::get<const tapset::ProbePoint*>(point.trigger);
        if (tap->fires_for(operation_of(event), phase_of(event), path_of(event)) &&
            concerns(*tap, event)) {
          EXPECT_FALSE(machine_->run(i, {&event, tap, point.text, point.name}));
          ++handlers;
        }
      }
    return {handlers, printed_.lines - before};
  }

 private:
  SourceMap sources_;
  language::TypedProgram program_;
  vm::Code code_;
  Printed printed_;
  std::unique_ptr<vm::Machine> machine_;
};

// Its filter in the kernel, over a record in a map.
class InTheKernel {
 public:
  explicit InTheKernel(ebpf::Program filter) {
    auto map = ebpf::kernel::new_map(BPF_MAP_TYPE_ARRAY, sizeof(Event), 1);
    EXPECT_TRUE(map);
    map_ = std::move(*map);
    ebpf::Builder builder;
    builder.emit(ebpf::LoadMapValue{Register::r1, 0, 0});
    ebpf::Program whole = builder.finish();
    for (ebpf::Binding& binding : filter.bindings) ++binding.at;
    std::ranges::move(filter.lines, std::back_inserter(whole.lines));
    whole.bindings = std::move(filter.bindings);
    whole.lines.push_back({ebpf::Exit{}, "", {}});
    text_ = ebpf::disassemble(whole);
    const int maps[] = {map_.get()};
    auto loaded = ebpf::kernel::load(whole, maps);
    EXPECT_TRUE(loaded) << loaded.error().message << text_;
    if (loaded) program_ = std::move(*loaded);
  }

  const std::string& text() const { return text_; }

  bool wants(const Event& event) {
    EXPECT_TRUE(ebpf::kernel::write(map_, 0, &event));
    const auto answer = ebpf::kernel::run(program_);
    EXPECT_TRUE(answer);
    return answer && *answer != 0;
  }

 private:
  UniqueFd map_;
  UniqueFd program_;
  std::string text_;
};

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
    InTheMachine machine(text);
    std::optional<ebpf::Program> filter =
        ebpf::compile_filter(plan::make_plan(machine.program(), {.filters = true}), target_process);
    if (!filter) continue;
    ++tally.filtered;
    change(*filter);
    InTheKernel kernel(std::move(*filter));
    for (int j = 0; j < events_each; ++j) {
      const Event event = random.event();
      const Firings firings = machine.run(event);
      const bool kept = kernel.wants(event);
      tally.wanted += firings.printed > 0;
      tally.thrown_away += !kept;
      tally.idle += kept && firings.handlers > 0 && firings.printed == 0;
      if (firings.printed == 0 || kept) continue;
      if (tally.lost++ == 0) tally.first_loss = text + describe(event) + "\n" + kernel.text();
    }
  }
  return tally;
}

void leave_alone(ebpf::Program&) {}

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
