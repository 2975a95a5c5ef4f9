// The eBPF source against the conformance workload, without language, plan or machine: what the
// source delivers must be what the workload did. Needs root; skips with the kernel's reason.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "comparison.h"
#include "conformance.h"
#include "held_process.h"
#include "sources/ebpf/ebpf_source.h"
#include "sources/ebpf/strategy.h"
#include "sources/ptrace/ptrace_source.h"
#include "tapset/catalogue.h"

namespace socktap {
namespace {

using tapset::Operation;
using tapset::Phase;
using test::Conformance;
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
  for (const tapset::ProbePoint& point : tapset::probe_points())
    if (point.name.starts_with("socket.")) plan.points.push_back(&point);
  plan.fields = tapset::FieldSet::all();
  for (const tapset::Field field :  // of system calls only
       {tapset::Field::arguments, tapset::Field::capture_0, tapset::Field::capture_1})
    plan.fields.remove(field);
  return plan;
}

std::unique_ptr<sources::Source> source_of_backend() {
  if (test::is_of_ptrace()) return std::make_unique<sources::PtraceSource>();
  const char* backend = std::getenv("SOCKTAP_TEST_BACKEND");
  sources::EbpfOptions options;
  if (backend) options.backend = sources::ebpf::find_backend(backend);
  return std::make_unique<sources::EbpfSource>(options);
}

void collect(sources::Source& source, std::uint64_t deadline, Conformance& run) {
  for (;;) {
    const Result<const Event*> event = source.next(deadline);
    if (!event) run.refusal = event.error().message;
    if (!event || *event == nullptr) return;
    run.observed.push_back(happening_of(**event));
  }
}

struct SourceRun : Conformance {
  sources::Statistics statistics;
};

SourceRun run_workload() {
  constexpr std::uint64_t ms = 1'000'000;
  SourceRun run;
  const std::string truth = testing::TempDir() + "truth." + std::to_string(getpid());
  test::HeldProcess workload(test::workload_command(truth));
  const std::unique_ptr<sources::Source> owned = source_of_backend();
  sources::Source& source = *owned;
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
  const int status = workload.wait();
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  run.statistics = source.statistics();
  std::ifstream in(truth);
  run.promised = test::read_truth(in);
  std::filesystem::remove(truth);
  return run;
}

class SourceConformance : public testing::Test {
 protected:
  static void SetUpTestSuite() { run = std::make_unique<SourceRun>(run_workload()); }
  static void TearDownTestSuite() { run.reset(); }
  void SetUp() override {
    if (!run->refusal.empty()) GTEST_SKIP() << run->refusal;
  }

  static void expect_exactly_once(Operation operation, Phase phase) {
    test::expect_exactly_once(*run, operation, phase);
  }

  static std::unique_ptr<SourceRun> run;
};
std::unique_ptr<SourceRun> SourceConformance::run;

TEST_F(SourceConformance, WorkloadDidAllItsSteps) { EXPECT_EQ(run->status, 0); }
TEST_F(SourceConformance, NothingIsLost) {
  std::uint64_t lost = 0;
  for (std::size_t kind = 0; kind < loss_kinds; ++kind) {
    const auto loss = static_cast<Loss>(kind);
    if (loss == Loss::blind_path) continue;
    EXPECT_EQ(run->statistics.losses[loss], 0u) << describe(loss);
    lost += run->statistics.losses[loss];
  }
  RecordProperty("lost", std::to_string(lost));
}
TEST_F(SourceConformance, NoPathIsBlind) {
  EXPECT_EQ(run->statistics.losses[Loss::blind_path], 0u);
}
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
  test::expect_beginnings_first(*run);
}
TEST_F(SourceConformance, OnlyKnownPathsAreBlind) { test::expect_only_known_marks(*run); }

}  // namespace
}  // namespace socktap
