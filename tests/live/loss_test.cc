// seen + lost == produced: produced is what the load says it made, never what socktap counted.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <regex>
#include <string>
#include <thread>

#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

struct Produced {
  unsigned long long sends = 0;
  unsigned long long receives = 0;
};

Produced read_count(const std::string& path) {
  std::ifstream in(path);
  std::string text;
  std::getline(in, text);
  Produced produced;
  std::sscanf(text.c_str(), "sends=%llu receives=%llu", &produced.sends, &produced.receives);
  return produced;
}

// The sum of "WARNING: N events lost ...".
unsigned long long lost(const std::string& errors) {
  static const std::regex pattern("WARNING: ([0-9]+) events lost");
  unsigned long long sum = 0;
  for (std::sregex_iterator at(errors.begin(), errors.end(), pattern), end; at != end; ++at) {
    sum += std::stoull((*at)[1]);
  }
  return sum;
}

std::string load(const std::string& arguments, const TemporaryFile& count) {
  return std::string(SOCKTAP_LOAD) + " " + arguments + " --count-file " + count.path();
}

TEST(Loss, AStoppedConsumerCountsWhatItMissed) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  Command socktap(socktap_run({"-s", "1", "-e",
                               "probe begin { println(\"ready\") }\n"
                               "probe socket.send, socket.receive { println(\"m\") }",
                               "-c", load("--seconds 1.5", count)}));
  ASSERT_TRUE(socktap.printed("ready", 10s));
  socktap.signal(SIGSTOP);
  std::this_thread::sleep_for(2500ms);  // longer than the load lasts
  socktap.signal(SIGCONT);
  const Outcome outcome = socktap.wait();
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  const auto lines = lines_of(outcome.output);
  const auto seen = static_cast<unsigned long long>(std::ranges::count(lines, "m"));
  const Produced produced = read_count(count.path());
  EXPECT_GT(lost(outcome.errors), 0u) << outcome.errors;
  EXPECT_GT(seen, 0u);
  EXPECT_EQ(seen + lost(outcome.errors), produced.sends + produced.receives) << outcome.errors;
}

TEST(Loss, ACountingScriptLosesNothing) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const Outcome outcome = run(socktap_run({"-e",
                                           "global sends, receives\n"
                                           "probe socket.send { sends++ }\n"
                                           "probe socket.receive { receives++ }\n"
                                           "probe end { println(sends, \" \", receives) }",
                                           "-c", load("--seconds 3", count)}));
  ASSERT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(lost(outcome.errors), 0u) << outcome.errors;
  const Produced produced = read_count(count.path());
  EXPECT_GT(produced.sends, 1000u);
  EXPECT_EQ(outcome.output,
            std::to_string(produced.sends) + " " + std::to_string(produced.receives) + "\n");
}

}  // namespace
}  // namespace socktap::test
