// Runs every script of tests/language/run over the events that it names and compares what it
// prints with what it says it prints.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/diagnostic.h"
#include "event/derived.h"
#include "language/language.h"
#include "script_expectations.h"
#include "vm/compile.h"
#include "vm/machine.h"
#include "vm/verify.h"

namespace socktap::tests {
namespace {

namespace fs = std::filesystem;

struct Output : vm::Host {
  void emit(const Record& record) override {
    if (record.kind == RecordKind::output) text += record.text;
    if (record.kind == RecordKind::warning) warnings.emplace_back(record.text);
  }
  std::int64_t target() const override { return 7; }
  bool is_target_or_descendant(std::int64_t pid) const override { return pid == 7; }

  std::string text;
  std::vector<std::string> warnings;
};

// A run as the session does it, without clock and source: begin, the events, end.
class ScriptRun {
 public:
  ScriptRun(const language::TypedProgram& program, const SourceMap& sources, const vm::Code& code,
            const ScriptExpectations& script)
      : program_(program), script_(script), machine_(code, sources, script.limits, output_) {}

  void run() {
    lifecycle<language::Begin>();
    for (const WholeEvent& event : script_.events) deliver(event.record);
    if (error_) {
      error_.reset();
      const auto first = std::move(first_error_);
      lifecycle<language::OnError>();
      first_error_ = first;
      return;
    }
    ending_ = true;
    lifecycle<language::End>();
    if (!error_) machine_.print_unread_globals();
  }

  const Output& output() const { return output_; }
  const std::optional<std::string>& error() const { return first_error_; }

 private:
  template <typename Trigger>
  void lifecycle() {
    struct Due {
      std::int64_t order;
      std::uint32_t handler;
      const language::Point* point;
    };
    std::vector<Due> due;
    for (std::uint32_t i = 0; i < program_.handlers.size(); ++i) {
      for (const language::Point& point : program_.handlers[i].points) {
        const auto* trigger = std::get_if<Trigger>(&point.trigger);
        if (trigger != nullptr) due.push_back({trigger->order, i, &point});
      }
    }
    std::stable_sort(due.begin(), due.end(),
                     [](const Due& a, const Due& b) { return a.order < b.order; });
    Event self{};
    self.tgid = 1;
    std::strcpy(self.comm, "socktap");
    for (const Due& each : due) run_handler(each.handler, self, *each.point, nullptr);
  }

  void deliver(const Event& event) {
    for (std::uint32_t i = 0; i < program_.handlers.size(); ++i) {
      for (const language::Point& point : program_.handlers[i].points) {
        const auto* probe = std::get_if<const tapset::ProbePoint*>(&point.trigger);
        if (probe != nullptr &&
            (*probe)->fires_for(operation_of(event), phase_of(event), path_of(event)) &&
            concerns(**probe, event)) {
          run_handler(i, event, point, *probe);
        }
      }
    }
  }

  void run_handler(std::uint32_t handler, const Event& event, const language::Point& point,
                   const tapset::ProbePoint* probe) {
    if (error_ || (machine_.exit_requested() && !ending_)) return;
    vm::Occasion occasion;
    occasion.event = &event;
    occasion.point = probe;
    occasion.point_text = point.text;
    occasion.point_name = point.name;
    occasion.realtime_offset = 1'000'000'000'000;
    occasion.lifecycle = probe == nullptr;
    error_ = machine_.run(handler, occasion);
    if (error_) first_error_ = error_->message;
  }

  const language::TypedProgram& program_;
  const ScriptExpectations& script_;
  Output output_;
  vm::Machine machine_;
  std::optional<vm::RuntimeError> error_;
  std::optional<std::string> first_error_;
  bool ending_ = false;
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string render_all(const Diagnostics& diagnostics, const SourceMap& sources) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    text += render(diagnostic, sources, false);
  }
  return text;
}

class RunCorpus : public testing::TestWithParam<std::string> {};

TEST_P(RunCorpus, PrintsWhatItSays) {
  const fs::path path = fs::path(SOCKTAP_CORPUS) / (GetParam() + ".stp");
  const std::string script = read_file(path);
  const ScriptExpectations expected = read_expectations(script);
  ASSERT_TRUE(expected.mistakes.empty()) << expected.mistakes.front();

  SourceMap sources;
  language::Invocation invocation;
  invocation.arguments = expected.arguments;
  invocation.kernel_release = "6.1.0";
  invocation.architecture = "x86_64";
  const auto source = sources.add(path.filename(), script);
  const auto parsed = language::parse(sources, source, invocation);
  ASSERT_TRUE(parsed.value) << render_all(parsed.diagnostics, sources);
  const auto checked = language::check(*parsed.value, invocation);
  ASSERT_TRUE(checked.value) << render_all(checked.diagnostics, sources);

  const vm::Code code = vm::compile(*checked.value);
  EXPECT_EQ(vm::verify(code), std::vector<std::string>());
  ScriptRun run(*checked.value, sources, code, expected);
  run.run();
  EXPECT_EQ(run.output().text, expected.output) << vm::disassemble(code);
  EXPECT_EQ(run.output().warnings, expected.warnings);
  EXPECT_EQ(run.error().value_or("none"), expected.error.value_or("none"));
}

std::vector<std::string> corpus() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(SOCKTAP_CORPUS)) {
    if (entry.path().extension() == ".stp") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Scripts, RunCorpus, testing::ValuesIn(corpus()),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace socktap::tests
