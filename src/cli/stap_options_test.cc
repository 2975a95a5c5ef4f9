#include "cli/stap_options.h"

#include <gtest/gtest.h>

#include <set>

#include "cli/command.h"
#include "cli/stap_option_table.h"

namespace socktap::cli {
namespace {

using Task = StapOptions::Task;
using Words = std::vector<std::string>;

StapOptions parsed(const Words& words) {
  const ParsedStap stap = parse_stap(words);
  EXPECT_EQ(stap.exit_status, std::nullopt) << testing::PrintToString(words);
  return stap.options;
}

TEST(StapOptions, EveryOptionHasOneRow) {
  std::set<std::string> spellings;
  for (const StapOption& row : stap_options()) {
    EXPECT_TRUE(spellings.insert(row.spelling()).second) << row.spelling();
    EXPECT_FALSE(row.text.empty()) << row.spelling();
    EXPECT_NE(stap_help().find("  " + row.spelling()), std::string::npos) << row.spelling();
  }
}

// The letters of stap(1) 4.8, those with an argument apart.
TEST(StapOptions, AllOfTheManualAreThere) {
  for (const char letter : std::string("bFghikPqtuvVwW")) {
    const auto& rows = stap_options();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const StapOption& each) { return each.letter == letter; });
    ASSERT_NE(row, rows.end()) << letter;
    EXPECT_EQ(row->argument, StapOption::Argument::none) << letter;
  }
  for (const char letter : std::string("aBcdDeEGIlLmopRrsSTx")) {
    const auto& rows = stap_options();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const StapOption& each) { return each.letter == letter; });
    ASSERT_NE(row, rows.end()) << letter;
    EXPECT_EQ(row->argument, StapOption::Argument::required) << letter;
  }
}

TEST(StapOptions, WordsOfTheScript) {
  const struct {
    Words given, words;
  } cases[] = {
      {{"a.stp"}, {"a.stp"}},
      {{"-v", "a.stp", "80"}, {"a.stp", "80"}},
      {{"a.stp", "-T", "5", "80", "-k"}, {"a.stp", "80"}},
      {{"a.stp", "--", "-x", "5"}, {"a.stp", "-x", "5"}},
      {{"-T1", "--", "a.stp", "-T2"}, {"a.stp", "-T2"}},
      {{"-", "80"}, {"-", "80"}},
      {{"-e", "probe begin {}", "80", "-w", "-"}, {"80", "-"}},
      {{"-d", "kernel", "--use-server", "host", "--color", "a.stp"}, {"host", "a.stp"}},
  };
  for (const auto& [given, words] : cases) {
    EXPECT_EQ(parsed(given).run.script.words, words) << testing::PrintToString(given);
  }
}

TEST(StapOptions, LettersMayBeJoined) {
  const StapOptions options = parsed({"-vvkwp4", "-DMAXERRORS=3", "-x12", "-Gx=1", "-G", "y=2",
                                      "-s64", "-T2.5", "-ofile", "-eprobe begin {}"});
  EXPECT_EQ(options.run.verbose, 2);
  EXPECT_FALSE(options.run.warnings);
  EXPECT_EQ(options.run.last_pass, 4);
  EXPECT_EQ(options.run.definitions, (Words{"MAXERRORS=3"}));
  EXPECT_EQ(options.run.pid, 12);
  EXPECT_EQ(options.run.script.globals, (Words{"x=1", "y=2"}));
  EXPECT_EQ(options.run.buffer_megabytes, 64u);
  EXPECT_EQ(options.run.seconds, 2.5);
  EXPECT_EQ(options.run.output.file, "file");
  EXPECT_EQ(options.run.script.text, "probe begin {}");
  EXPECT_EQ(options.run.notes, (Words{"-k: nothing is built, so nothing is kept"}));
}

TEST(StapOptions, WhatTheyAsk) {
  EXPECT_EQ(parsed({"-l", "socket.*"}).task, Task::list_points);
  EXPECT_EQ(parsed({"-Lsocket.*"}).pattern, "socket.*");
  EXPECT_EQ(parsed({"-L", "x"}).task, Task::list_signatures);
  EXPECT_EQ(parsed({"--dump-functions"}).task, Task::list_functions);
  EXPECT_EQ(parsed({"--dump-probe-types"}).task, Task::list_types);
  EXPECT_EQ(parsed({"--dump-probe-a"}).task, Task::list_aliases) << "names may be shortened";
  EXPECT_EQ(parsed({"-e", "x", "-h", "-p9"}).task, Task::help) << "the rest does not matter";
  EXPECT_EQ(parsed({"-vV"}).task, Task::version);
  EXPECT_EQ(parsed({"--clean-cache"}).task, Task::nothing);
  EXPECT_EQ(parsed({"-E", "a", "-E", "b", "-e", "c"}).run.script.additional_texts,
            (Words{"a", "b"}));
  EXPECT_EQ(parsed({"-Ia", "-I", "b", "x"}).run.script.tapset_folders, (Words{"a", "b"}));
  EXPECT_EQ(parsed({"--compatible=3.1", "x"}).run.script.systemtap_version, "3.1");
  EXPECT_EQ(parsed({"-S", "3", "x"}).run.output.file_limits.size, 3u << 20);
  EXPECT_EQ(parsed({"-S", "3", "x"}).run.output.file_limits.count, std::nullopt);
  EXPECT_TRUE(parsed({"-W", "x"}).run.script.warnings_are_errors);
  EXPECT_EQ(parsed({"--colour", "x"}).run.script.color, Color::always);
  EXPECT_EQ(parsed({"--color=never", "x"}).run.script.color, Color::never);
  EXPECT_EQ(parsed({"--vp", "00012", "-v"}).run.verbose, 3);
  EXPECT_EQ(parsed({"--vp", "9"}).run.verbose, 0);
  EXPECT_EQ(parsed({"-g", "--suppress-time-limits"}).run.definitions,
            (Words{"MAXACTION=9223372036854775807"}));
}

TEST(StapOptions, OutputNamesMayHoldTheTime) {
  const std::string name = *parsed({"-o", "out-%Y", "x"}).run.output.file;
  EXPECT_EQ(name.size(), std::string("out-2000").size()) << name;
  EXPECT_EQ(parsed({"-o", "out", "x"}).run.output.file, "out");
}

TEST(StapOptions, Mistakes) {
  const std::pair<Words, std::string> cases[] = {
      {{"-Z"}, "stap: invalid option -- 'Z'"},
      {{"--nosuch"}, "stap: unrecognized option '--nosuch'"},
      {{"-p"}, "stap: option requires an argument -- 'p'"},
      {{"-p0"}, "ERROR: -p takes 1 to 5, not 0"},
      {{"-p5x"}, "ERROR: -p takes 1 to 5, not 5x"},
      {{"-s0"}, "ERROR: -s takes 1 to 4095, not 0"},
      {{"-s4096"}, "ERROR: -s takes 1 to 4095, not 4096"},
      {{"-S1,x"}, "ERROR: -S takes MB or MB,COUNT, not 1,x"},
      {{"-S1,"}, "ERROR: -S takes MB or MB,COUNT, not 1,"},
      {{"-S0"}, "ERROR: -S takes MB or MB,COUNT, not 0"},
      {{"-T0"}, "ERROR: -T: 0 is no number of seconds"},
      {{"-Tnan"}, "ERROR: -T: nan is no number of seconds"},
      {{"-T2147484"}, "ERROR: -T: 2147484 is no number of seconds"},
      {{"-xnginx"}, "ERROR: -x: nginx is no process number"},
      {{"-x1", "-ctrue"}, "ERROR: -c and -x exclude each other"},
      {{"-e1", "-e2"}, "ERROR: -e is given twice"},
      {{"-lx", "-Ly"}, "ERROR: only one of -l, -L and --dump-* can be asked for"},
      {{"-lx", "-ey"}, "ERROR: -l, -L and --dump-* take no script"},
      {{"-lx", "-p2"}, "ERROR: -p and -l, -L, --dump-* exclude each other"},
      {{"--vp=123456"}, "ERROR: --vp takes one to five digits, not 123456"},
      {{"--color=purple"}, "ERROR: --color does not take purple"},
      {{"--privilege=root"}, "ERROR: --privilege does not take root"},
      {{"--runtime=user"}, "ERROR: --runtime does not take user"},
      {{"--compatible=x"}, "ERROR: --compatible: x is no version"},
      {{"--compatible=4x"}, "ERROR: --compatible: 4x is no version"},
      {{"--compatible=-1"}, "ERROR: --compatible: -1 is no version"},
      {{"--compatible=4."}, "ERROR: --compatible: 4. is no version"},
      {{"--compatible=99999999999"},
       "ERROR: --compatible: 99999999999 is later than 4.8, whose language this is"},
      {{"--compatible=4.9"}, "ERROR: --compatible: 4.9 is later than 4.8"},
      {{"--monitor=0"}, "ERROR: --monitor: 0 is no number of seconds"},
      {{"--rlimit-as=x"}, "ERROR: --rlimit-*: x is no number"},
      {{"--suppress-time-limits"}, "ERROR: --suppress-time-limits needs -g"},
      {{"--remote=web"},
       "ERROR: --remote: socktap runs scripts on this machine only\nhint: ssh web"},
      {{"--runtime=dyninst"}, "ERROR: the dyninst runtime rewrites user programs"},
      {{"--dyninst"}, "ERROR: the dyninst runtime rewrites user programs"},
  };
  for (const auto& [words, text] : cases) {
    testing::internal::CaptureStderr();
    const ParsedStap stap = parse_stap(words);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(stap.exit_status, exit_script_failed) << text;
    EXPECT_EQ(said.substr(0, text.size()), text) << said;
    EXPECT_NE(said.find("\nhint: "), std::string::npos) << said;
  }
}

// Each with an argument that is none of its own special ones.
TEST(StapOptions, WhatDoesNothingIsNoted) {
  for (const StapOption& row : stap_options()) {
    if (row.effect != StapOption::Effect::nothing) continue;
    Words words{row.spelling()};
    if (row.argument == StapOption::Argument::required)
      words.push_back(row.spelling() == "--privilege" ? "stapdev" : "1");
    const StapOptions options = parsed(words);
    EXPECT_EQ(options.run.notes, (Words{row.spelling() + ": " + std::string(row.text)}));
    EXPECT_TRUE(options.run.script.words.empty()) << row.spelling();
  }
}

}  // namespace
}  // namespace socktap::cli
