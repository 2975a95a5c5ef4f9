// The eBPF source against the conformance workload, without language, plan or machine: what the
// source delivers must be what the workload did. Needs root; skips with the kernel's reason.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "comparison.h"
#include "held_process.h"
#include "sources/ebpf/ebpf_source.h"
#include "tapset/catalogue.h"
#include "workload/marks.h"

namespace socktap {
namespace {

using test::Comparison;
using test::Happening;
using test::Value;

Happening happening_of(const Event& event) {
  Happening happening;
  happening.operation = operation_of(event);
  happening.phase = phase_of(event);
  happening.paths = {path_of(event)};
  happening.comm = comm_of(event);
  happening.set(Value::pid, event.tgid);
  happening.set(Value::tid, event.tid);
  happening.set(Value::size, event.size);
  happening.set(Value::success, event.success);
  happening.set(Value::family, event.family);
  happening.set(Value::protocol, event.protocol);
  happening.set(Value::type, event.type);
  happening.set(Value::state, event.state);
  happening.set(Value::flags, event.flags);
  happening.set(Value::requester, event.requester);
  happening.set(Value::err, event.err);
  happening.set(Value::msg_flags, event.msg_flags);
  return happening;
}

plan::Plan plan_of_everything() {
  plan::Plan plan;
  for (const tapset::ProbePoint& point : tapset::probe_points()) plan.points.push_back(&point);
  plan.fields = tapset::FieldSet::from_bits((std::uint64_t{1} << tapset::field_count) - 1);
  return plan;
}

// One run of the whole workload, observed; the tests look at parts of it.
struct Observation {
  std::string refusal;
  int status = -1;
  std::vector<Happening> promised;
  std::vector<Happening> observed;
  sources::Statistics statistics;
};

void collect(sources::Source& source, std::uint64_t deadline, Observation& run) {
  for (;;) {
    const Result<const Event*> event = source.next(deadline);
    if (!event) run.refusal = event.error().message;
    if (!event || *event == nullptr) return;
    run.observed.push_back(happening_of(**event));
  }
}

Observation run_workload() {
  constexpr std::uint64_t ms = 1'000'000;
  Observation run;
  const std::string truth = testing::TempDir() + "truth." + std::to_string(getpid());
  std::vector<std::string> command{SOCKTAP_WORKLOAD, "--truth", truth};
  if (const char* only = std::getenv("SOCKTAP_TEST_ONLY")) {
    command.insert(command.end(), {"--only", only});
  }
  test::HeldProcess workload(command);
  sources::EbpfSource source;
  const auto attached = source.attach(plan_of_everything(), {.roots = {workload.pid()}});
  if (!attached) {
    run.refusal = attached.error().message + " (" + attached.error().hint + ")";
    return run;
  }
  workload.let_go();
  while (!workload.ended()) collect(source, source.now() + 20 * ms, run);
  collect(source, source.now() + 100 * ms, run);
  source.stop();
  while (!source.finished() && run.refusal.empty()) collect(source, ~std::uint64_t{0}, run);
  run.status = workload.wait();
  run.statistics = source.statistics();
  std::ifstream in(truth);
  run.promised = test::read_truth(in);
  std::filesystem::remove(truth);
  return run;
}

class SourceConformance : public testing::Test {
 protected:
  static void SetUpTestSuite() { run_ = std::make_unique<Observation>(run_workload()); }
  static void TearDownTestSuite() { run_.reset(); }

  void SetUp() override {
    if (!run_->refusal.empty()) GTEST_SKIP() << run_->refusal;
  }

  static std::vector<Happening> of(const std::vector<Happening>& all, tapset::Operation operation,
                                   tapset::Phase phase) {
    std::vector<Happening> chosen;
    for (const Happening& happening : all) {
      if (happening.operation == operation && happening.phase == phase) chosen.push_back(happening);
    }
    return chosen;
  }

  static void expect_exactly_once(tapset::Operation operation, tapset::Phase phase) {
    const auto promised = of(run_->promised, operation, phase);
    ASSERT_FALSE(promised.empty());
    const Comparison comparison = test::compare(promised, of(run_->observed, operation, phase));
    EXPECT_TRUE(comparison.findings.empty()) << describe(comparison);
    EXPECT_GT(comparison.matched, promised.size() / 2);
  }

  static std::unique_ptr<Observation> run_;
};
std::unique_ptr<Observation> SourceConformance::run_;

using tapset::Operation;
using tapset::Phase;

TEST_F(SourceConformance, WorkloadDidAllItsSteps) {
  EXPECT_TRUE(WIFEXITED(run_->status) && WEXITSTATUS(run_->status) == 0) << run_->status;
}

TEST_F(SourceConformance, NothingIsLost) { EXPECT_EQ(run_->statistics.losses.total(), 0u); }

TEST_F(SourceConformance, SendsConclude) {
  expect_exactly_once(Operation::send, Phase::conclusion);
}
TEST_F(SourceConformance, ReceivesConclude) {
  expect_exactly_once(Operation::receive, Phase::conclusion);
}
TEST_F(SourceConformance, SendsBegin) { expect_exactly_once(Operation::send, Phase::begin); }
TEST_F(SourceConformance, ReceivesBegin) { expect_exactly_once(Operation::receive, Phase::begin); }
TEST_F(SourceConformance, CreatesBegin) { expect_exactly_once(Operation::create, Phase::begin); }
TEST_F(SourceConformance, CreatesConclude) {
  expect_exactly_once(Operation::create, Phase::conclusion);
}
TEST_F(SourceConformance, ClosesBegin) { expect_exactly_once(Operation::close, Phase::begin); }
TEST_F(SourceConformance, ClosesConclude) {
  expect_exactly_once(Operation::close, Phase::conclusion);
}

TEST_F(SourceConformance, BeginningsComeBeforeTheirConclusions) {
  const Comparison comparison = test::compare(run_->promised, run_->observed);
  std::string text;
  for (const test::Finding& finding : comparison.findings) {
    if (finding.difference == test::Difference::out_of_order) text += finding.text + "\n";
  }
  EXPECT_EQ(text, "");
}

// What need not be seen is a closed list.
TEST_F(SourceConformance, OnlyKnownPathsAreBlind) {
  namespace mark = workload::mark;
  const std::set<std::string_view> known{
      mark::splice_out_of_stream, mark::uring_begin,     mark::aio_begin,
      mark::batch_begin,          mark::close_otherwise, mark::short_batch_end,
      mark::unreadable_at_entry};
  for (const Happening& promise : run_->promised) {
    EXPECT_TRUE(promise.mark.empty() || known.contains(promise.mark)) << promise.mark;
  }
}

}  // namespace
}  // namespace socktap
