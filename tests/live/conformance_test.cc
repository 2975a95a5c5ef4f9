// The whole program against the conformance workload: a script prints every variable of every
// probe point, and what it printed must be what the workload did.

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <memory>

#include "command.h"
#include "comparison.h"
#include "conformance.h"

namespace socktap::test {
namespace {

using tapset::Operation;
using tapset::Phase;
using tapset::ProbePoint;

// One line for each event: point=NAME pid=N tid=N comm=NAME name=NAME size=N ...
std::string script_of_everything() {
  std::string script;
  for (const ProbePoint& point : tapset::probe_points()) {
    if (!point.name.starts_with("socket.")) continue;
    std::string format = fmt::format("point={} pid=%d tid=%d comm=%s", point.name);
    std::string arguments = "pid(), tid(), execname()";
    for (const tapset::Binding& binding : point.bindings) {
      const tapset::VariableRow& variable = tapset::row(binding.variable);
      format += fmt::format(" {}={}", variable.name, variable.type == Type::string ? "%s" : "%d");
      arguments += fmt::format(", {}", variable.name);
    }
    script += fmt::format("probe {} {{ printf(\"{}\\n\", {}) }}\n", point.name, format, arguments);
  }
  return script;
}

struct PointLine {
  const ProbePoint* point = nullptr;
  std::string name;  // the variable
  std::string rest;  // without point and name
};

PointLine parse_line(const std::string& line) {
  PointLine parsed;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    const std::string value = word.substr(word.find('=') + 1);
    if (word.starts_with("point="))
      parsed.point = tapset::find_probe_point(value);
    else if (word.starts_with("name="))
      parsed.name = value;
    else if (!word.starts_with("path="))  // the socket's; a happening's path is something else
      parsed.rest += word + " ";
  }
  return parsed;
}

// The points that fire for one path only make up all events; the others repeat them.
bool is_elementary(const ProbePoint& point) {
  int paths = 0;
  for (int i = 0; i <= static_cast<int>(tapset::Path::readv); ++i) {
    if (point.paths.contains(static_cast<tapset::Path>(i))) ++paths;
  }
  return paths == 1;
}

std::string path_name(const ProbePoint& point) {
  for (int i = 0; i <= static_cast<int>(tapset::Path::readv); ++i) {
    const auto path = static_cast<tapset::Path>(i);
    if (point.paths.contains(path)) return std::string(tapset::name_of(path));
  }
  return "";
}

struct CommandRun : Conformance {
  Outcome outcome;
  std::vector<PointLine> lines;
};

void read_output(CommandRun& run) {
  for (const std::string& text : lines_of(run.outcome.output)) {
    const PointLine line = parse_line(text);
    if (line.point == nullptr) {
      ADD_FAILURE() << "not a line of the script: " << text;
      continue;
    }
    run.lines.push_back(line);
    if (!is_elementary(*line.point)) continue;
    const auto happening = parse_happening(
        fmt::format("op={} phase={} path={} {}", tapset::name_of(line.point->operation),
                    tapset::name_of(line.point->phase), path_name(*line.point), line.rest));
    if (happening)
      run.observed.push_back(*happening);
    else
      ADD_FAILURE() << "malformed: " << text;
  }
}

CommandRun run_workload(const std::vector<std::string>& in_front) {
  CommandRun run;
  run.refusal = refusal();
  if (!run.refusal.empty()) return run;
  const TemporaryFile truth("truth");
  std::string command;
  for (const std::string& word : workload_command(truth.path())) command += word + " ";
  std::vector<std::string> words = in_front;
  // An ordinary user may have namespaces in one of users only, if at all.
  if (!words.empty() && ::geteuid() != 0) words.insert(words.begin() + 1, "--map-root-user");
  for (const std::string& word : socktap_run({"-e", script_of_everything(), "-c", command})) {
    words.push_back(word);
  }
  run.outcome = test::run(words);
  if (!in_front.empty() && run.outcome.errors.starts_with(in_front[0] + ": "))
    run.refusal = run.outcome.errors;
  run.status = run.outcome.status;
  std::ifstream in(truth.path());
  run.promised = read_truth(in);
  read_output(run);
  return run;
}

// Where the run was made: as it is, or in a PID namespace of its own, in which the workload knows
// itself and its threads by other numbers than the rest of the machine does.
struct Place {
  const char* name;
  std::vector<std::string> in_front;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const Place& place, std::ostream* out) { *out << place.name; }

class Conforms : public testing::TestWithParam<Place> {
 protected:
  static void TearDownTestSuite() { runs().clear(); }

  void SetUp() override {
    auto& run = runs()[GetParam().name];
    if (!run) run = std::make_unique<CommandRun>(run_workload(GetParam().in_front));
    run_ = run.get();
    if (!run_->refusal.empty()) GTEST_SKIP() << run_->refusal;
  }

  static std::map<std::string, std::unique_ptr<CommandRun>>& runs() {
    static std::map<std::string, std::unique_ptr<CommandRun>> all;
    return all;
  }
  const CommandRun* run_ = nullptr;
};

TEST_P(Conforms, RunEndsWell) {
  EXPECT_EQ(run_->status, 0) << run_->outcome.errors;
  EXPECT_EQ(run_->outcome.errors.find("ERROR"), std::string::npos) << run_->outcome.errors;
  EXPECT_EQ(run_->outcome.errors.find("lost"), std::string::npos) << run_->outcome.errors;
}

TEST_P(Conforms, SendsConclude) { expect_exactly_once(*run_, Operation::send, Phase::conclusion); }
TEST_P(Conforms, ReceivesConclude) {
  expect_exactly_once(*run_, Operation::receive, Phase::conclusion);
}
TEST_P(Conforms, SendsBegin) { expect_exactly_once(*run_, Operation::send, Phase::begin); }
TEST_P(Conforms, ReceivesBegin) { expect_exactly_once(*run_, Operation::receive, Phase::begin); }
TEST_P(Conforms, CreatesBegin) { expect_exactly_once(*run_, Operation::create, Phase::begin); }
TEST_P(Conforms, CreatesConclude) {
  expect_exactly_once(*run_, Operation::create, Phase::conclusion);
}
TEST_P(Conforms, ClosesBegin) { expect_exactly_once(*run_, Operation::close, Phase::begin); }
TEST_P(Conforms, ClosesConclude) {
  expect_exactly_once(*run_, Operation::close, Phase::conclusion);
}
TEST_P(Conforms, BeginningsComeBeforeTheirConclusions) { expect_beginnings_first(*run_); }
TEST_P(Conforms, OnlyKnownPathsAreBlind) { expect_only_known_marks(*run_); }

TEST_P(Conforms, NameIsThePoint) {
  for (const PointLine& line : run_->lines) ASSERT_EQ(line.name, line.point->name);
}

// socket.send, socket.write_iter.return and the like: every event of their members once, in order.
TEST_P(Conforms, UnionsAreTheirMembers) {
  for (const ProbePoint& point : tapset::probe_points()) {
    if (!point.name.starts_with("socket.") || is_elementary(point)) continue;
    std::string members;
    std::string repeated;
    for (const PointLine& line : run_->lines) {
      const bool member = is_elementary(*line.point) && line.point->operation == point.operation &&
                          line.point->phase == point.phase &&
                          !(line.point->paths & point.paths).empty();
      if (member) members += line.rest + "\n";
      if (line.point == &point) repeated += line.rest + "\n";
    }
    EXPECT_FALSE(members.empty()) << point.name;
    EXPECT_EQ(members == repeated, true) << point.name << " differs from its members";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Live, Conforms,
    testing::Values(Place{"here", {}},
                    Place{"pid_namespace", {"unshare", "--pid", "--fork", "--mount-proc"}}),
    [](const testing::TestParamInfo<Place>& it) { return std::string(it.param.name); });

}  // namespace
}  // namespace socktap::test
