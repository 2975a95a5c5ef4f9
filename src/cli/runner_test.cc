// Whole runs over a source that claims what a kernel would show, and what the person at the
// terminal is told of it.

#include "cli/runner.h"

#include <gtest/gtest.h>

#include "cli/command.h"
#include "event/event_text.h"
#include "sources/synthetic/synthetic_source.h"

namespace socktap::cli {
namespace {

using sources::Coverage;
using sources::PathCoverage;
using sources::Verdict;
using tapset::Operation;
using tapset::Path;
using tapset::Phase;

PathCoverage path(Path path, Verdict verdict, std::string strategy = "hook") {
  PathCoverage coverage{.operation = Operation::send, .phase = Phase::conclusion, .path = path};
  coverage.verdict = verdict;
  coverage.strategy = std::move(strategy);
  return coverage;
}

Coverage covering(std::vector<PathCoverage> paths) {
  return {.source = "hooks", .paths = std::move(paths)};
}

struct Outcome {
  int status = -1;
  std::string output;
  std::string errors;
};

struct Claims {
  Coverage coverage;
  Losses losses;
  bool strict = false;
  int verbose = 0;
};

// One event, one handler that prints.
Outcome run_over(const Claims& claims) {
  RunOptions options;
  options.script.text = "probe socket.send { println(\"sent \", size) }";
  options.script.strict = claims.strict;
  options.verbose = claims.verbose;
  sources::SyntheticSource source({*parse_event("send conclusion sendmsg time=1 size=3")},
                                  claims.coverage, claims.losses);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.status = run_script(options, source);
  outcome.output = testing::internal::GetCapturedStdout();
  outcome.errors = testing::internal::GetCapturedStderr();
  return outcome;
}

TEST(Runner, SaysNothingOfWhatIsSeenExactlyOnce) {
  const Outcome outcome =
      run_over({.coverage = covering({path(Path::sendmsg, Verdict::exactly_once),
                                      path(Path::writev, Verdict::not_needed)}),
                .strict = true});
  EXPECT_EQ(outcome.status, exit_done);
  EXPECT_EQ(outcome.output, "sent 3\n");
  EXPECT_EQ(outcome.errors, "");
}

TEST(Runner, WarnsOfAPathThatIsCountedTwice) {
  const Coverage coverage =
      covering({path(Path::sendmsg, Verdict::exactly_once), path(Path::writev, Verdict::twice)});
  const std::string warning = "send by writev (conclusion) is counted twice on this kernel by hook";
  const Outcome outcome = run_over({.coverage = coverage});
  EXPECT_EQ(outcome.status, exit_done);
  EXPECT_EQ(outcome.output, "sent 3\n");
  EXPECT_EQ(outcome.errors, "WARNING: " + warning + "\n");
  const Outcome refused = run_over({.coverage = coverage, .strict = true});
  EXPECT_EQ(refused.status, exit_script_failed);
  EXPECT_EQ(refused.output, "");
  EXPECT_EQ(refused.errors, "WARNING: " + warning +
                                "\n"
                                "ERROR: not all that the script asks for is seen exactly once\n"
                                "hint: without --strict it runs with what is seen\n");
}

TEST(Runner, WarnsOfAPathThatIsBlind) {
  const Coverage coverage = covering(
      {path(Path::sendmsg, Verdict::exactly_once), path(Path::writev, Verdict::blind, "")});
  const Outcome outcome = run_over({.coverage = coverage});
  EXPECT_EQ(outcome.status, exit_done);
  EXPECT_EQ(outcome.errors, "WARNING: send by writev (conclusion) is blind on this kernel\n");
  EXPECT_EQ(run_over({.coverage = coverage, .strict = true}).status, exit_script_failed);
}

TEST(Runner, DoesNotRunWhereNothingIsSeen) {
  PathCoverage blind = path(Path::sendmsg, Verdict::blind, "");
  blind.refusals = {{"hook", "refused: Operation not permitted", "root"}};
  for (const bool strict : {false, true}) {
    const Outcome outcome = run_over(
        {.coverage = covering({blind, path(Path::writev, Verdict::not_needed)}), .strict = strict});
    EXPECT_EQ(outcome.status, exit_no_source);
    EXPECT_EQ(outcome.output, "");
    EXPECT_EQ(outcome.errors,
              "WARNING: send by sendmsg (conclusion) is blind on this kernel; hook: refused: "
              "Operation not permitted (root)\n"
              "ERROR: nothing that the script asks for can be observed here\n"
              "hint: socktap doctor shows what can be, and what would help\n");
  }
}

// The kinds of loss that no live run can bring about on purpose are these two: raw tracepoints
// leave no room for the one, and nothing here attaches a kprobe for the other.
TEST(Runner, PrintsEachKindOfLossWithItsCount) {
  Losses losses;
  losses[Loss::recursion] = 7;
  losses[Loss::missed] = 1;
  const Outcome outcome = run_over({.losses = losses});
  EXPECT_EQ(outcome.status, exit_done);
  EXPECT_EQ(
      outcome.errors,
      "WARNING: 7 events lost because a program was already running on the CPU\n"
      "WARNING: 1 event lost because a probe did not fire or could not read what it needed\n");
}

TEST(Runner, TellsMoreIfAsked) {
  Losses losses;
  losses[Loss::map_full] = 2;
  const Outcome outcome =
      run_over({.coverage = covering({path(Path::sendmsg, Verdict::exactly_once)}),
                .losses = losses,
                .verbose = 1});
  EXPECT_EQ(outcome.errors,
            "socktap: send by sendmsg (conclusion) is seen exactly once on this kernel by hook\n"
            "socktap: 1 event seen, 0 filtered, 2 lost; 1 handler run\n"
            "socktap: 0 events lost because the buffer was full (a larger one: -s MB)\n"
            "WARNING: 2 events lost because a kernel map was full\n"
            "socktap: 0 events lost because a program was already running on the CPU\n"
            "socktap: 0 events lost because a probe did not fire or could not read what it needed\n"
            "socktap: 0 paths not seen on this kernel (their events are in no count)\n");
}

}  // namespace
}  // namespace socktap::cli
