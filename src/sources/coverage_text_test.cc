#include "sources/coverage_text.h"

#include <gtest/gtest.h>

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

TEST(CoverageText, WarnsOfBlindAndDoubledPathsOnly) {
  Coverage coverage;
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
      {Operation::receive,
       Phase::begin,
       Path::recvmsg,
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
                "receive by readv (begin), receive by recvmsg (begin) are blind on this kernel; "
                "fentry: refused: Operation not permitted (needs a kernel that allows it)"}));
}

}  // namespace
}  // namespace socktap::sources
