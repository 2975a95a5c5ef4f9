#include "compare/readings.h"

#include <gtest/gtest.h>

namespace socktap::bench {
namespace {

TEST(Readings, OfTheLoad) {
  const auto batch = read_load("sends=1000 receives=999 seconds=0.710 cpu_ns=799600");
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->events, 1999u);
  EXPECT_EQ(batch->cpu_ns, 799600u);
  EXPECT_DOUBLE_EQ(batch->seconds, 0.71);
  EXPECT_DOUBLE_EQ(batch->ns_per_event(), 400);
  EXPECT_FALSE(read_load("sends=1000 receives=999 seconds=0.710")) << "without CPU time";
  EXPECT_FALSE(read_load(""));
}

TEST(Readings, NothingCostsNothing) { EXPECT_DOUBLE_EQ(Batch{}.ns_per_event(), 0); }

TEST(Readings, WhatSocktapsScriptsSay) {
  EXPECT_EQ(seen_in_words("ready\nsum 5 min 1\nseen 200\nseen 3\n"), 203u);
  EXPECT_EQ(seen_in_words("WARNING: seen 200\n"), 200u);
  EXPECT_EQ(seen_in_words("ready\n"), 0u);
  EXPECT_EQ(seen_in_lines("ready\nload(1) socket.send 1 bytes\nload(1) socket.receive 1\n"), 2u);
}

TEST(Readings, LinesBeforeReadyAreNoEvents) {
  EXPECT_EQ(seen_in_lines("Attached 3 probes\nready\na\nb\n"), 2u);
  EXPECT_EQ(seen_in_lines("a\nb\nc\n"), 3u) << "of a tracer that does not say ready";
}

TEST(Readings, WhatBpftraceSays) {
  EXPECT_EQ(seen_in_counts("ready\n\n@n: 600000\n"), 600000u);
  EXPECT_EQ(seen_in_counts("@max[load, 549, 1]: 1\n@n[load, 549, 1]: 7\n@n[redis, 5, 1]: 8\n"),
            15u);
  EXPECT_EQ(seen_in_rows("@h:\n[1]               600000 |@@@@|\n[2, 4)              7 |    |\n"),
            600007u);
}

TEST(Readings, WhatPerfSays) {
  EXPECT_EQ(seen_by_perf_stat("# started on Sat\n\n100,,sock:sock_send_length,80447083,100.00,,\n"
                              "101,,sock:sock_recv_length,80447083,100.00,,\n"),
            201u);
  EXPECT_EQ(
      seen_by_perf_record("[ perf record: Captured and wrote 15.4 MB perf.data (4000 samples) "
                          "]\n"),
      4000u);
}

TEST(Readings, WhatTheySayIsLost) {
  EXPECT_EQ(lost_in_words("WARNING: 3 events lost because the buffer was full\n"
                          "WARNING: 1 event lost because of something else\n"
                          "WARNING: 9 handlers were skipped\n"),
            4u);
  EXPECT_EQ(lost_in_words("Lost 7660 events\n"), 7660u);
  EXPECT_EQ(lost_in_words(""), 0u);
}

TEST(Readings, OfWrk) {
  EXPECT_EQ(read_wrk("Running 1s test\n  81234 requests in 1.00s, 11.85MB read\n"), 81234u);
  EXPECT_EQ(read_wrk("unable to connect to 127.0.0.1:1 Connection refused\n"), std::nullopt);
}

}  // namespace
}  // namespace socktap::bench
