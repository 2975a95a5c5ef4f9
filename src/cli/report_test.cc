#include "cli/report.h"

#include <gtest/gtest.h>

namespace socktap::cli {
namespace {

TEST(Report, SaysWhatWasLostByKind) {
  Losses losses;
  losses[Loss::buffer_full] = 12;
  losses[Loss::recursion] = 1;
  std::string text;
  for (const LossLine& line : loss_lines(losses))
    text += (line.happened ? "" : "no: ") + line.text + "\n";
  EXPECT_EQ(text,
            "12 events lost because the buffer was full (a larger one: -s MB)\n"
            "no: 0 events lost because a kernel map was full\n"
            "1 event lost because a program was already running on the CPU\n"
            "no: 0 events lost because a probe did not fire or could not read what it needed\n"
            "no: 0 paths not seen on this kernel (their events are in no count)\n");
}

TEST(Report, PathsThatAreNotSeenAreNoEvents) {
  Losses losses;
  losses[Loss::blind_path] = 3;
  losses[Loss::map_full] = 2;
  EXPECT_EQ(losses.events(), 2u);
}

TEST(Report, SilenceIsExplained) {
  session::Summary summary;
  summary.source.unwanted = 3;
  EXPECT_EQ(
      silence_line(summary, true),
      "nothing was printed: 0 events seen, 3 left out by conditions, 0 filtered, 0 lost; what "
      "happened did not meet the script's conditions");
  summary.source.unwanted = 0;
  EXPECT_NE(silence_line(summary, false).find("no process made such a socket operation"),
            std::string::npos);
  EXPECT_NE(silence_line(summary, true).find("the traced process made no such"), std::string::npos);
  summary.source.kept = 4;
  EXPECT_EQ(
      silence_line(summary, true),
      "nothing was printed: 4 events seen, 4 of them handled in the kernel alone, 0 filtered, "
      "0 lost; the script's handlers ran and chose to print nothing");
  summary.source.kept = 0;
  summary.events = 1;
  summary.source.losses[Loss::map_full] = 2;
  EXPECT_EQ(silence_line(summary, true),
            "nothing was printed: 1 event seen, 0 filtered, 2 lost; the script's handlers ran and "
            "chose to print nothing");
  summary.events = 0;
  summary.source.losses[Loss::blind_path] = 1;
  EXPECT_NE(silence_line(summary, true).find("2 lost; not all that the script asks for is seen"),
            std::string::npos);
}

TEST(Report, TimesOfTheHandlersThatRan) {
  SourceMap sources;
  const auto id = sources.add("a.stp", "probe begin, end { }\nprobe never { }");
  language::TypedProgram program;
  program.handlers.resize(2);
  program.handlers[0].span = {id, 0, 5};
  program.handlers[0].points.resize(2);
  program.handlers[0].points[0].text = "begin";
  program.handlers[0].points[1].text = "end";
  session::Summary summary;
  summary.times.resize(2);
  for (const std::uint64_t duration : {400, 100, 400}) summary.times[0].add(duration);
  EXPECT_EQ(times_report(summary, program, sources),
            "----- probe hit report:\n"
            "begin,end, (a.stp:1:1), hits: 3, ns: 100min/300avg/400max, index: 0\n");
}

}  // namespace
}  // namespace socktap::cli
