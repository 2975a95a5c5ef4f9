#include "cli/run_options.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "cli/command.h"

namespace socktap::cli {
namespace {

RunOptions parsed(const std::vector<std::string>& arguments) {
  ParsedRun run = parse_run(arguments);
  EXPECT_EQ(run.exit_status, std::nullopt);
  return run.options;
}

std::optional<int> refused(const std::vector<std::string>& arguments) {
  testing::internal::CaptureStderr();
  const ParsedRun run = parse_run(arguments);
  EXPECT_FALSE(testing::internal::GetCapturedStderr().empty());
  return run.exit_status;
}

TEST(RunOptions, ScriptTextKeepsAllWordsAsArguments) {
  const RunOptions options = parsed({"-e", "probe begin {}", "80", "http"});
  EXPECT_EQ(options.script.text, "probe begin {}");
  EXPECT_EQ(options.script.words, (std::vector<std::string>{"80", "http"}));
}

TEST(RunOptions, RepeatedOptionsAddUp) {
  const RunOptions options = parsed(
      {"a.stp", "-G", "x=1", "-G", "y=2", "-DMAXERRORS=3", "-D", "MAXACTION=4", "arg", "-vv"});
  EXPECT_EQ(options.script.globals, (std::vector<std::string>{"x=1", "y=2"}));
  EXPECT_EQ(options.definitions, (std::vector<std::string>{"MAXERRORS=3", "MAXACTION=4"}));
  EXPECT_EQ(options.script.words, (std::vector<std::string>{"a.stp", "arg"}));
  EXPECT_EQ(options.verbose, 2);
}

TEST(RunOptions, WordsAfterTwoDashesAreTheScripts) {
  const RunOptions options = parsed({"-T", "2.5", "--", "a.stp", "-5", "-x"});
  EXPECT_EQ(options.seconds, 2.5);
  EXPECT_EQ(options.pid, std::nullopt);
  EXPECT_EQ(options.script.words, (std::vector<std::string>{"a.stp", "-5", "-x"}));
}

std::string mistake(const std::vector<std::string>& arguments) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(parse_run(arguments).exit_status, exit_usage);
  return testing::internal::GetCapturedStderr();
}

TEST(RunOptions, MistakesAreNamed) {
  const std::string hint = "hint: socktap run --help lists what there is\n";
  EXPECT_EQ(mistake({"-T", "soon"}), "ERROR: -T: soon is no number of seconds\n" + hint);
  EXPECT_EQ(mistake({"-x", "nginx"}), "ERROR: -x: nginx is no process number\n" + hint);
  EXPECT_EQ(mistake({"-x", "4194305"}), "ERROR: -x: there is no process 4194305\n" + hint)
      << "more than the kernel gives";
}

TEST(RunOptions, AThreadIsNoProcess) {
  std::thread thread([] {
    const std::string number = std::to_string(::gettid());
    EXPECT_NE(mistake({"-x", number})
                  .find(number + " is a thread of the process " + std::to_string(::getpid())),
              std::string::npos);
  });
  thread.join();
  EXPECT_EQ(parsed({"-x", std::to_string(::getpid())}).pid, ::getpid());
}

TEST(RunOptions, OptionsOfStapAreTakenToo) {
  const RunOptions options =
      parsed({"-wkbp4", "-E", "probe end {}", "-S", "5,2", "-mname", "--vp", "00002", "--monitor",
              "--color=never", "--privilege=stapdev", "-W", "a.stp", "-q", "arg"});
  EXPECT_FALSE(options.warnings);
  EXPECT_TRUE(options.quiet) << "the option of run has its own meaning";
  EXPECT_EQ(options.last_pass, 4);
  EXPECT_EQ(options.verbose, 2);
  EXPECT_EQ(options.script.additional_texts, (std::vector<std::string>{"probe end {}"}));
  EXPECT_EQ(options.script.color, Color::never);
  EXPECT_TRUE(options.script.warnings_are_errors);
  EXPECT_EQ(options.script.words, (std::vector<std::string>{"a.stp", "arg"}));
  EXPECT_EQ(options.output.file_limits.size, 5u << 20);
  EXPECT_EQ(options.output.file_limits.count, 2u);
  EXPECT_EQ(options.notes.size(), 5u);
}

TEST(RunOptions, OptionsOfStapAreCheckedToo) {
  EXPECT_EQ(mistake({"-S", "x"}),
            "ERROR: -S takes MB or MB,COUNT, not x\n"
            "hint: socktap run --help lists what there is\n");
  EXPECT_EQ(mistake({"--remote", "web"}),
            "ERROR: --remote: socktap runs scripts on this machine only\n"
            "hint: ssh web socktap run - <SCRIPT\n");
  EXPECT_EQ(refused({"--suppress-time-limits"}), exit_usage);
}

TEST(RunOptions, NumbersAreRefusedInWords) {
  const std::string hint = "hint: socktap run --help lists what there is\n";
  EXPECT_EQ(mistake({"--rotate-size", "0"}),
            "ERROR: --rotate-size: must be more than 0, not 0\n" + hint);
  EXPECT_EQ(mistake({"--rotate-age", "1e300"}),
            "ERROR: --rotate-age: must be at most 1000000000, not 1e300\n" + hint);
  EXPECT_EQ(mistake({"--speed", "1e-300"}),
            "ERROR: --speed: must be at least 1e-06, not 1e-300\n" + hint);
  EXPECT_EQ(mistake({"--speed", "nan"}), "ERROR: --speed: nan is no number\n" + hint);
  EXPECT_EQ(mistake({"--keep", "-1"}), "ERROR: --keep: must be more than 0, not -1\n" + hint);
}

std::string mistake_of_files(const RunOptions& options) {
  const auto checked = check_replay(options);
  return checked ? "" : checked.error().message;
}

TEST(RunOptions, FilesAreDifferentOnes) {
  const std::string here = std::filesystem::current_path().string();
  RunOptions options;
  options.output.file = "x.out";
  options.recording.file = here + "/./x.out";
  EXPECT_EQ(mistake_of_files(options), "-o and --record name the same file, x.out");
  options.output.chrome_trace = "y";
  options.output.file = here + "/y";
  EXPECT_EQ(mistake_of_files(options), "-o and --chrome-trace name the same file, " + here + "/y");
  options.output.file = options.output.chrome_trace = "/dev/null";
  EXPECT_EQ(mistake_of_files(options), "");
  options.recording.from = options.recording.file;
  EXPECT_NE(mistake_of_files(options).find("--record and --from name the same file"),
            std::string::npos);
}

TEST(RunOptions, MistakesAreUsageErrors) {
  EXPECT_EQ(refused({"-e", "x", "--no-such-option"}), exit_usage);
  EXPECT_EQ(refused({"-e", "x", "-x", "zero"}), exit_usage);
  EXPECT_EQ(refused({"-e", "x", "-T", "-1"}), exit_usage);
  EXPECT_EQ(refused({"-e", "x", "-T", "soon"}), exit_usage);
  EXPECT_EQ(refused({"-e", "x", "-c", "true", "-x", "1"}), exit_usage);
  EXPECT_EQ(refused({"-e", "x", "--user", "nobody"}), exit_usage);
}

}  // namespace
}  // namespace socktap::cli
