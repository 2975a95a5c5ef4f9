// What the kernel keeps of globals and the machine merges is what the machine alone would have.

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "both_ways.h"
#include "plan/plan.h"
#include "random_script.h"

namespace socktap::test {
namespace {

constexpr int scripts_in_a_test = 300;
constexpr int events_each = 60;
constexpr int early_events = 3;

struct Tally {
  int in_kernel = 0;                                              // handlers
  int in_machine = 0;                                             // of events, too
  int filters = 0;                                                // of those
  int sums = 0, statistics = 0, histograms = 0, last_values = 0;  // cells
  int locals = 0;                                                 // handlers with
  int constants = 0, lookups = 0;
  int thread_arrays = 0;
  int events_kept = 0, events_sent = 0;
  int differing = 0;  // scripts
  std::string first_difference;
};

void count_pieces(const plan::Plan& plan, Tally& tally) {
  for (const plan::HandlerPlan& handler : plan.handlers) {
    if (handler.points.empty()) continue;
    ++(handler.in_kernel ? tally.in_kernel : tally.in_machine);
    tally.filters += !handler.in_kernel && !handler.filter.empty();
    tally.locals += handler.in_kernel && !plan.program->handlers[handler.handler].locals.empty();
  }
  tally.constants += static_cast<int>(plan.tables.constants.size());
  tally.lookups += static_cast<int>(plan.tables.lookups.size());
  tally.thread_arrays += static_cast<int>(plan.tables.thread_arrays.size());
  for (const plan::Table& table : plan.tables.tables)
    for (const plan::Cell& cell : table.cells) {
      tally.sums += cell.kind == plan::Cell::Kind::sum;
      tally.statistics += cell.kind == plan::Cell::Kind::statistic;
      tally.last_values += cell.kind == plan::Cell::Kind::last;
      tally.histograms +=
          plan.program->globals[cell.global].histogram.kind != language::Histogram::Kind::none;
    }
}

void compare_one(const std::string& text, RandomScript& random, void (*change)(ebpf::Program&),
                 Tally& tally) {
  auto alone = check_script(text), together = check_script(text);
  ASSERT_TRUE(alone && together) << text;
  BothWays both(std::move(*alone), std::move(*together), change);
  count_pieces(both.plan(), tally);
  std::string events;
  both.run_all<language::Begin>();
  both.settle();
  for (int i = 0; i < events_each; ++i) {
    const WholeEvent whole = random.event();
    const Event& event = whole.record;
    events += describe(event) + "\n";
    if (i < early_events) {
      both.handle_early(event);
      continue;
    }
    const std::uint32_t answer = both.handle(event, static_cast<unsigned>(i / 3) % KernelRun::cpus);
    tally.events_kept += (answer & SOCKTAP_SCRIPT_KEEPS) != 0;
    tally.events_sent += (answer & SOCKTAP_SCRIPT_WANTS) != 0;
    if (i % 20 == 19) both.run_all<language::Timer>();
  }
  both.run_all<language::End>();
  const std::string difference = both.difference();
  if (difference.empty() || tally.differing++ > 0) return;
  tally.first_difference = text + events + difference + both.text();
}

Tally compare(std::uint64_t seed, int scripts, void (*change)(ebpf::Program&)) {
  Tally tally;
  RandomScript random(seed);
  for (int i = 0; i < scripts; ++i) compare_one(random.keeping_script(), random, change, tally);
  return tally;
}

// The last addition to a sum.
void subtract_instead(ebpf::Program& program) {
  ebpf::Alu* last = nullptr;
  for (ebpf::Line& line : program.lines)
    if (auto* alu = std::get_if<ebpf::Alu>(&line.instruction);
        alu && *alu == ebpf::Alu{ebpf::AluOperator::add, ebpf::Register::r2, ebpf::Register::r3})
      last = alu;
  if (last != nullptr) last->op = ebpf::AluOperator::subtract;
}

// Elements of threads are looked for where they should be deleted.
void delete_nothing(ebpf::Program& program) {
  for (ebpf::Line& line : program.lines)
    if (line.instruction == ebpf::Instruction(ebpf::CallHelper{ebpf::Helper::map_delete_elem}))
      line.instruction = ebpf::CallHelper{ebpf::Helper::map_lookup_elem};
}

class KeepingAgreement : public testing::Test {
 protected:
  void SetUp() override {
    const auto map = ebpf::kernel::new_map(BPF_MAP_TYPE_ARRAY, sizeof(Event), 1);
    if (!map) GTEST_SKIP() << "bpf(2) is refused here: " << map.error().message;
  }
};

TEST_F(KeepingAgreement, TheMachineMergesWhatItWouldHaveKept) {
  const char* nightly = std::getenv("SOCKTAP_TEST_SCRIPTS");
  const int scripts = nightly ? std::atoi(nightly) : scripts_in_a_test;
  const Tally tally = compare(3, scripts, leave_alone);
  std::cout << "handlers: " << tally.in_kernel << " in the kernel (" << tally.locals
            << " with locals), " << tally.in_machine << " in the machine (" << tally.filters
            << " filtered); kept: " << tally.sums << " sums, " << tally.statistics
            << " statistics (" << tally.histograms << " with histograms), " << tally.last_values
            << " last values; settled: " << tally.constants << " numbers, " << tally.lookups
            << " lookups; of threads: " << tally.thread_arrays
            << " arrays; events: " << tally.events_kept << " kept, " << tally.events_sent
            << " sent\n";
  EXPECT_EQ(tally.differing, 0) << tally.first_difference;
  for (const int count : {tally.in_kernel, tally.in_machine, tally.filters, tally.sums,
                          tally.statistics, tally.histograms, tally.last_values, tally.locals,
                          tally.constants, tally.lookups, tally.thread_arrays})
    EXPECT_GT(count, scripts / 10);
  EXPECT_GT(tally.events_kept, scripts);
  EXPECT_GT(tally.events_sent, scripts);
}

TEST_F(KeepingAgreement, AFaultIsNoticed) {
  EXPECT_EQ(compare(4, 80, leave_alone).differing, 0);
  EXPECT_GT(compare(4, 80, subtract_instead).differing, 10);
  EXPECT_GT(compare(4, 80, delete_nothing).differing, 5);
}

}  // namespace
}  // namespace socktap::test
