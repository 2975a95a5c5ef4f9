#include "cli/report.h"

#include <gtest/gtest.h>

namespace socktap::cli {
namespace {

using sources::Verdict;
using tapset::Operation;
using tapset::Path;
using tapset::Phase;

TEST(Report, WarnsOfBlindAndDoubledPathsOnly) {
  sources::Coverage coverage;
  coverage.paths = {
      {Operation::send,
       Phase::conclusion,
       Path::sendmsg,
       "raw tracepoint",
       Verdict::exactly_once,
       1,
       1,
       {}},
      {Operation::send, Phase::conclusion, Path::writev, "fexit", Verdict::twice, 1, 2, {}},
      {Operation::receive,
       Phase::begin,
       Path::readv,
       "",
       Verdict::blind,
       1,
       0,
       {{"fentry", "refused: Operation not permitted", "needs a kernel that allows it"}}},
      {Operation::close, Phase::begin, Path::none, "sys_enter", Verdict::not_verified, 0, 0, {}},
      {Operation::create, Phase::begin, Path::none, "", Verdict::not_needed, 0, 0, {}},
  };
  EXPECT_EQ(coverage_warnings(coverage),
            (std::vector<std::string>{
                "send by writev (conclusion) is counted twice on this kernel by fexit",
                "receive by readv (begin) is blind on this kernel; fentry: refused: Operation not "
                "permitted (needs a kernel that allows it)"}));
}

TEST(Report, SaysWhatWasLostByKind) {
  Losses losses;
  losses[Loss::buffer_full] = 12;
  EXPECT_EQ(
      loss_lines(losses, false),
      std::vector<std::string>{"12 events lost because the buffer was full (a larger one: -s MB)"});
  EXPECT_EQ(loss_lines(losses, true).size(), loss_kinds);
  EXPECT_TRUE(loss_lines({}, false).empty());
}

TEST(Report, SilenceIsExplained) {
  session::Summary summary;
  EXPECT_NE(silence_line(summary, false).find("no process made such a socket operation"),
            std::string::npos);
  EXPECT_NE(silence_line(summary, true).find("the traced process made no such"), std::string::npos);
  summary.events = 1;
  summary.source.losses[Loss::map_full] = 2;
  EXPECT_EQ(silence_line(summary, true),
            "nothing was printed: 1 event seen, 0 filtered, 2 lost; the script's handlers ran and "
            "chose to print nothing");
}

}  // namespace
}  // namespace socktap::cli
