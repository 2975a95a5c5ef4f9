// Every script of the corpora prints the same, whether the machine does all of it or the kernel
// what it can.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <regex>
#include <string>
#include <vector>

#include "both_ways.h"
#include "ebpf/kernel_test.h"
#include "example_scripts.h"
#include "random_script.h"
#include "script_expectations.h"
#include "vm/regex.h"

namespace socktap::test {
namespace {

namespace fs = std::filesystem;

constexpr int random_events = 60;

struct Tally {
  int scripts = 0;
  int in_kernel = 0;   // handlers
  int in_machine = 0;  // of events, too
  int filters = 0;     // of those
  int events_kept = 0, events_sent = 0;
};

// What the random generator answers, and what is asked of the host, is another thing each time.
bool answers_vary(const std::string& text) {
  static const std::regex calls("\\b(random|randint|getrandom)[a-z_0-9]* *\\(");
  return std::regex_search(text, calls);
}

void count_pieces(const plan::Plan& plan, Tally& tally) {
  ++tally.scripts;
  for (const plan::HandlerPlan& handler : plan.handlers) {
    if (handler.points.empty()) continue;
    ++(handler.in_kernel ? tally.in_kernel : tally.in_machine);
    tally.filters += !handler.in_kernel && !handler.filter.empty();
  }
}

// A run ends with its first error.
std::string difference(BothWays& both, const std::vector<WholeEvent>& events, Tally& tally) {
  both.run_all<language::Begin>();
  both.settle();
  for (std::size_t i = 0; i < events.size() && !both.failed_alone(); ++i) {
    const std::uint32_t answer =
        both.handle(events[i].record, static_cast<unsigned>(i / 3) % KernelRun::cpus);
    tally.events_kept += (answer & SOCKTAP_SCRIPT_KEEPS) != 0;
    tally.events_sent += (answer & SOCKTAP_SCRIPT_WANTS) != 0;
    if (i % 20 == 19) both.run_all<language::Timer>();
  }
  if (!both.failed_alone()) {
    both.run_all<language::End>();
    return both.difference();
  }
  both.merge();
  return both.failed_together() ? "" : "only the machine alone failed: " + both.difference();
}

class CorpusAgreement : public testing::Test {
 protected:
  void SetUp() override {
    const auto map = ebpf::kernel::new_map(BPF_MAP_TYPE_ARRAY, sizeof(Event), 1);
    if (!map) GTEST_SKIP() << "bpf(2) is refused here: " << map.error().message;
  }

  // With the script's own events first, if it says some.
  void compare(const std::string& name, const std::string& text,
               const std::function<language::Invocation(SourceMap&)>& invoke) {
    const tests::ScriptExpectations expected = tests::read_expectations(text);
    SourceMap sources_alone, sources_together;
    language::Invocation invocation = invoke(sources_alone);
    invoke(sources_together);
    if (invocation.arguments.empty()) invocation.arguments = expected.arguments;
    invocation.pattern_error = vm::regex_error;
    auto alone = check_script(text, std::move(sources_alone), invocation);
    auto together = check_script(text, std::move(sources_together), invocation);
    const bool has_limits = text.find("# limits:") != std::string::npos;
    if (!alone || !together || has_limits || answers_vary(text)) return;
    std::vector<WholeEvent> events = expected.events;
    for (int i = 0; i < random_events; ++i) events.push_back(random_.event());
    BothWays both(std::move(*alone), std::move(*together));
    count_pieces(both.plan(), tally_);
    EXPECT_EQ(difference(both, events, tally_), "") << name << '\n' << both.text();
  }

  void say_what_was_compared() const {
    std::cout << tally_.scripts << " scripts; handlers: " << tally_.in_kernel << " in the kernel, "
              << tally_.in_machine << " in the machine (" << tally_.filters
              << " filtered); events: " << tally_.events_kept << " kept, " << tally_.events_sent
              << " sent\n";
  }

  Tally tally_;
  RandomScript random_{5};
};

language::Invocation plain_invocation(SourceMap&) {
  language::Invocation invocation;
  invocation.kernel_release = "6.1.0";
  invocation.architecture = "x86_64";
  return invocation;
}

TEST_F(CorpusAgreement, OurOwn) {
  std::vector<fs::path> paths;
  for (const char* folder :
       {"tests/language/run", "tests/language/semok", "tests/language/parseok", "scripts"})
    for (const auto& entry : fs::directory_iterator(fs::path(SOCKTAP_SOURCES) / folder))
      if (entry.path().extension() == ".stp") paths.push_back(entry.path());
  std::ranges::sort(paths);
  for (const fs::path& path : paths) compare(path, tests::read_file(path), plain_invocation);
  say_what_was_compared();
  EXPECT_GT(tally_.scripts, 200);
  EXPECT_GT(tally_.in_kernel, 10);
  EXPECT_GT(tally_.filters, 3);
  EXPECT_GT(tally_.events_kept, 100);
  EXPECT_GT(tally_.events_sent, 1000);
}

TEST_F(CorpusAgreement, SystemTapsExamples) {
  const std::vector<fs::path> paths = tests::example_scripts();
  if (paths.empty()) GTEST_SKIP() << "Debian's package systemtap-doc is not installed";
  for (const fs::path& path : paths)
    compare(path, tests::read_file(path),
            [&path](SourceMap& sources) { return tests::invocation_of(path, sources); });
  // Few of them ask for what happens to sockets. Options make filters of it.
  for (const char* options : {"", "-f AF_INET", "-n nginx,a", "-p 0,127 -f AF_UNIX,AF_INET6"})
    compare(fmt::format("socktop {}", options), tests::socktop_script(options), plain_invocation);
  say_what_was_compared();
  EXPECT_GT(tally_.scripts, 30);
  EXPECT_EQ(tally_.in_kernel, 8) << "two of each socktop";
  EXPECT_GT(tally_.events_kept, 15);
}

}  // namespace
}  // namespace socktap::test
