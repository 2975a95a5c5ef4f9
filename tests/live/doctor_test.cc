// What socktap says it can see here, and what becomes of a run that needs more.

#include <gtest/gtest.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "accounts.h"
#include "command.h"
#include "conformance.h"

namespace socktap::test {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

Words without(const Words& strategies) {
  Words words;
  for (const std::string& strategy : strategies)
    words.insert(words.end(), {"--disable-strategy", strategy});
  return words;
}

const Words without_messages = without(
    {"typed-tracepoints", "raw-tracepoints", "function-hooks", "function-probes", "message-calls"});
const Words without_begins = without({"begin-probes", "begin-hooks", "call-entries"});

Words joined(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Outcome doctor(const Words& arguments = {}) {
  return run(joined({SOCKTAP_BINARY, "doctor"}, arguments));
}

Outcome traced(const Words& arguments) { return run(joined({SOCKTAP_BINARY}, arguments)); }

// As a process that has every capability but may not use any.
Outcome powerless(const Words& arguments) {
  return run(
      joined({"setpriv", "--bounding-set=-all", "--inh-caps=-all", SOCKTAP_BINARY}, arguments));
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What doctor says of eBPF.
json by_ebpf(const Outcome& outcome) {
  const json report = json::parse(outcome.output, nullptr, /*allow_exceptions=*/false);
  return report.is_object() && report.contains("ebpf") ? report["ebpf"] : json();
}

json path_in(const json& report, const std::string& operation, const std::string& phase,
             const std::string& path) {
  for (const json& row : report["paths"])
    if (row["operation"] == operation && row["phase"] == phase && row["path"] == path) return row;
  ADD_FAILURE() << operation << " " << phase << " " << path;
  return {};
}

void expect_form(const json& finding, const std::string& source) {
  for (const char* text : {"source", "refusal", "remedy"})
    EXPECT_TRUE(finding[text].is_string()) << text;
  for (const json& limit : finding["limits"]) EXPECT_TRUE(limit.is_string());
  if (finding["refusal"] != "") return;
  EXPECT_GE(finding["limits"].size(), 1u) << "nothing shows everything";
  const std::set<std::string> verdicts{"seen exactly once", "counted twice", "blind",
                                       "not verified"};
  EXPECT_EQ(finding["paths"].size(), 25u) << source;
  for (const json& path : finding["paths"]) {
    EXPECT_TRUE(verdicts.contains(path["verdict"])) << path;
    EXPECT_TRUE(path["strategy"] != "" || path["verdict"] == "blind") << path;
    EXPECT_TRUE(path["made"].is_number_unsigned());
    EXPECT_TRUE(path["seen"].is_number_unsigned());
    if (path["verdict"] == "seen exactly once") {
      EXPECT_EQ(path["made"], path["seen"]) << path;
      EXPECT_GT(path["made"], 0) << path;
    }
    for (const json& refusal : path["refusals"])
      for (const char* text : {"strategy", "reason", "remedy"})
        EXPECT_TRUE(refusal[text].is_string()) << refusal;
  }
}

TEST(Doctor, TheReportForProgramsHasThisForm) {
  const Outcome outcome = doctor({"--json"});
  const json report = json::parse(outcome.output, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(report.is_object()) << outcome.output;
  utsname kernel{};
  uname(&kernel);
  EXPECT_EQ(report["kernel"], kernel.release);
  EXPECT_EQ(report["machine"], kernel.machine);
  EXPECT_EQ(report["btf"], access("/sys/kernel/btf/vmlinux", R_OK) == 0);
  for (const char* setting :
       {"unprivileged_bpf_disabled", "perf_event_paranoid", "io_uring_disabled"})
    EXPECT_TRUE(report[setting].is_number_integer()) << setting;
  EXPECT_TRUE(report["lockdown"].is_string());
  ASSERT_GE(report["program_types"].size(), 5u);
  for (const json& type : report["program_types"]) {
    EXPECT_TRUE(type["type"].is_string());
    ASSERT_TRUE(type["works"].is_boolean());
    EXPECT_EQ(type["works"], type["reason"] == "") << type;
    EXPECT_TRUE(type["remedy"].is_string());
  }
  for (const char* source : {"ebpf", "ptrace"}) {
    ASSERT_TRUE(report.contains(source));
    expect_form(report[source], source);
  }
  const bool nothing = report["ebpf"]["refusal"] != "" && report["ptrace"]["refusal"] != "";
  EXPECT_EQ(outcome.status, nothing ? 3 : 0);
}

TEST(Doctor, TheReportForPeopleSaysTheSame) {
  const Outcome machine = doctor({"--json"});
  const Outcome person = doctor();
  EXPECT_EQ(person.status, machine.status);
  const json report = json::parse(machine.output, nullptr, false);
  ASSERT_TRUE(report.is_object());
  EXPECT_TRUE(contains(person.output, report["kernel"])) << person.output;
  for (const json& type : report["program_types"])
    EXPECT_TRUE(contains(person.output, type["type"])) << type;
  const auto lines = lines_of(person.output);
  for (const char* source : {"ebpf", "ptrace"}) {
    for (const json& limit : report[source]["limits"])
      EXPECT_TRUE(contains(person.output, limit)) << limit;
    for (const json& path : report[source]["paths"]) {
      const std::string verdict = path["verdict"];
      const std::string operation = path["operation"];
      const std::string phase = path["phase"];
      EXPECT_TRUE(std::ranges::any_of(lines, [&](const std::string& line) {
        return line.starts_with(operation) && contains(line, verdict) && contains(line, phase);
      })) << path;
    }
  }
}

TEST(Doctor, SeesEveryPathHereOnceOrSaysWhyNot) {
  const json report = by_ebpf(doctor({"--json"}));
  if (report["refusal"] != "") GTEST_SKIP() << report["refusal"];
  for (const json& path : report["paths"])
    EXPECT_TRUE(path["verdict"] == "seen exactly once" || !path["refusals"].empty()) << path;
}

// All that system calls and the lives of processes show, and nothing else.
TEST(Doctor, KnowsWhatPtraceLacks) {
  leave_out_leak_search();
  const Outcome outcome = doctor({"--json", "--backend", "ptrace"});
  const json report = json::parse(outcome.output, nullptr, false);
  ASSERT_TRUE(report.is_object()) << outcome.output;
  EXPECT_FALSE(report.contains("ebpf"));
  const json& finding = report["ptrace"];
  if (finding["refusal"] != "") GTEST_SKIP() << finding["refusal"];
  EXPECT_EQ(outcome.status, 0);
  const std::set<std::string> packets{"net_transmit", "net_receive", "segment"};
  for (const json& path : finding["paths"]) {
    if (packets.contains(path["operation"])) {
      EXPECT_EQ(path["verdict"], "blind") << path;
      EXPECT_EQ(path["made"], 0) << path;
      continue;
    }
    for (const json& missed : path["missed"]) {
      const std::string way = missed;
      EXPECT_TRUE(way.starts_with("io_uring ") || way.starts_with("io_submit ")) << way;
    }
    EXPECT_EQ(path["verdict"] == "seen exactly once", path["missed"].empty()) << path;
    EXPECT_GT(path["seen"], 0) << path;
  }
}

// No kernel since 5.11 charges eBPF to it.
TEST(Doctor, BlamesLockedMemoryOnlyWhereItCounts) {
  utsname names = {};
  ASSERT_EQ(uname(&names), 0);
  int major = 0, minor = 0;
  ASSERT_EQ(std::sscanf(names.release, "%d.%d", &major, &minor), 2);
  if (std::pair(major, minor) < std::pair(5, 11)) GTEST_SKIP() << "it does count here";
  for (const Outcome& outcome : {doctor({}), powerless({"doctor"})})
    EXPECT_FALSE(contains(outcome.output, "RLIMIT_MEMLOCK")) << outcome.output;
}

TEST(Doctor, WhatIsDisabledIsReplacedByTheNextBest) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const json report = by_ebpf(doctor({"--json", "--disable-strategy", "typed-tracepoints"}));
  const json path = path_in(report, "send", "conclusion", "writev");
  EXPECT_NE(path["strategy"], "typed-tracepoints");
  EXPECT_EQ(path["verdict"], "seen exactly once") << path;
  EXPECT_EQ(path["refusals"][0]["strategy"], "typed-tracepoints") << path;
  EXPECT_EQ(path["refusals"][0]["reason"], "disabled by request") << path;
  EXPECT_EQ(path_in(report, "send", "begin", "writev")["verdict"], "seen exactly once");
}

TEST(Doctor, WhatHasNothingLeftIsBlind) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const Outcome outcome = doctor(joined({"--json"}, without_messages));
  EXPECT_EQ(outcome.status, 0) << "begins, creates and closes are still seen";
  const json path = path_in(by_ebpf(outcome), "send", "conclusion", "writev");
  EXPECT_EQ(path["verdict"], "blind");
  EXPECT_EQ(path["strategy"], "");
  EXPECT_EQ(path["refusals"].size(), 5u) << path;
}

TEST(Doctor, WithoutPrivilegesItSaysWhatWouldHelp) {
  const Outcome outcome = powerless({"doctor"});
  if (outcome.status == 127) GTEST_SKIP() << "no setpriv";
  EXPECT_TRUE(contains(outcome.output, "Nothing can be observed by eBPF here: ")) << outcome.output;
  EXPECT_TRUE(contains(outcome.output, "\nhint: root, or CAP_BPF and CAP_PERFMON"))
      << outcome.output;
}

TEST(Doctor, ProgramsAreToldTheSame) {
  const Outcome outcome = powerless({"doctor", "--json"});
  if (outcome.status == 127) GTEST_SKIP() << "no setpriv";
  const json report = json::parse(outcome.output, nullptr, false);
  ASSERT_TRUE(report.is_object()) << outcome.output;
  EXPECT_NE(report["ebpf"]["refusal"], "");
  EXPECT_NE(report["ebpf"]["remedy"], "");
  EXPECT_TRUE(report["ebpf"]["paths"].empty());
  EXPECT_EQ(outcome.status, report["ptrace"]["refusal"] == "" ? 0 : 3);
  const json& first = report["program_types"][0];
  EXPECT_EQ(first["works"], false);
  EXPECT_EQ(first["remedy"], "root, or CAP_BPF and CAP_PERFMON") << "that is all that is missing";
}

TEST(Strategies, MeanNothingToPtrace) {
  const Outcome outcome = traced({"run", "--backend", "ptrace", "--disable-strategy",
                                  "typed-tracepoints", "-e", "probe begin { exit() }"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.errors,
            "ERROR: --disable-strategy means nothing to --backend ptrace\n"
            "hint: strategies and types are eBPF's\n");
}

TEST(Strategies, ANameThatIsNoneIsRefused) {
  for (const Words& command : {Words{"doctor"}, Words{"run", "-e", "probe begin { exit() }"}}) {
    const Outcome outcome = traced(joined(command, {"--disable-strategy", "typed-tracepoint"}));
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors,
              "ERROR: --disable-strategy typed-tracepoint: there is no such strategy\n"
              "hint: did you mean typed-tracepoints?\n");
  }
}

// A run with these options counts 25 sends, and nothing is blind or by the best strategy.
void expect_another_strategy(const Words& options) {
  const TemporaryFile count("count");
  const Outcome outcome =
      traced(joined(joined({"-v", "--strict"}, options),
                    {"-e", "global n probe socket.send { n++ } probe end { println(n) }", "-c",
                     load_command("--pairs 25", count)}));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.output, "25\n");
  EXPECT_FALSE(contains(outcome.errors, "WARNING")) << outcome.errors;
  EXPECT_FALSE(contains(outcome.errors, "by typed-tracepoints")) << outcome.errors;
}

TEST(Strategies, ARunGoesOnWithTheNextBest) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  expect_another_strategy({"--disable-strategy", "typed-tracepoints"});
}

// As where the kernel has none of its own: raw tracepoints and kprobes are left.
TEST(Strategies, ARunTakesTheKernelsTypesFromAFile) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  expect_another_strategy({"--btf", "/sys/kernel/btf/vmlinux"});
  const Outcome refused = traced({"--btf", "/proc/self/status", "-e", "probe socket.send {}"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_TRUE(contains(refused.errors, "cannot read the kernel's types from /proc/self/status"))
      << refused.errors;
}

TEST(Strategies, ABlindPathIsToldBeforeAndAfterTheRun) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFile count("count");
  const Words script{"-e",
                     "global begun, sent probe socket.sendmsg { begun++ } probe socket.send { "
                     "sent++ } probe end { println(begun, \" \", sent) }",
                     "-c", load_command("--pairs 25", count)};
  const std::string warning =
      "WARNING: send by sendmsg (begin) is blind on this kernel; begin-probes: disabled by "
      "request; "
      "begin-hooks: disabled by request; call-entries: disabled by request\n";
  const Outcome outcome = traced(joined(without_begins, script));
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.errors,
            warning + "WARNING: 1 path not seen on this kernel (their events are in no count)\n");
  EXPECT_EQ(outcome.output, "0 25\n");
  const Produced produced = read_count(count);
  EXPECT_EQ(produced.sends, 25u);

  const Outcome strict = traced(joined(joined({"--strict"}, without_begins), script));
  EXPECT_EQ(strict.status, 1);
  EXPECT_EQ(strict.output, "");
  EXPECT_EQ(strict.errors, warning +
                               "ERROR: not all that the script asks for is seen exactly once\n"
                               "hint: without --strict it runs with what is seen\n");
}

TEST(Strategies, WhereNothingIsSeenNothingRuns) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  const Outcome outcome = traced(
      joined(without_messages, {"-e", "probe socket.send { } probe begin { println(\"begun\") }"}));
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.output, "");
  EXPECT_TRUE(
      contains(outcome.errors,
               "WARNING: send by sendmsg (conclusion), send by aio_write (conclusion), send "
               "by writev (conclusion) are blind on this kernel; typed-tracepoints: "
               "disabled by request; "))
      << outcome.errors;
  EXPECT_TRUE(contains(outcome.errors,
                       "\nERROR: nothing that the script asks for can be observed here\n"
                       "hint: socktap doctor shows what can be, and what would help\n"))
      << outcome.errors;
}

TEST(Strategies, WithoutPrivilegesNoProgramRuns) {
  for (const Words& scope : {Words{}, Words{"-c", "true"}}) {
    const Outcome outcome =
        powerless(joined({"--backend", "ebpf", "-e", "probe socket.send { }", "-T", "1"}, scope));
    if (outcome.status == 127) GTEST_SKIP() << "no setpriv";
    EXPECT_EQ(outcome.status, 3) << outcome.errors;
    EXPECT_TRUE(contains(outcome.errors, "Operation not permitted\nhint: root, or CAP_BPF and"))
        << outcome.errors;
  }
}

}  // namespace
}  // namespace socktap::test
