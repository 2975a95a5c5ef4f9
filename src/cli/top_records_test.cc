// What `top` says for machines.
#include "cli/top_records.h"

#include <gtest/gtest.h>

namespace socktap::cli {
namespace {

tui::Table sample() {
  tui::TableReader reader;
  EXPECT_FALSE(reader.take("row\tcurl\t17\t2\t200\t1500\t2000\t4\t400000\t25\t50\t1\t-1:1,6:2,"));
  EXPECT_TRUE(reader.take("end\t1500000000\t1795334400000000000"));
  return reader.table();
}

DataRecords records() {
  const tui::Table table = sample();
  return records_of(table, {&table.rows.front()}, *tui::find_view("process"));
}

TEST(TopRecords, HaveTheWholeNumbersOfTheInterval) {
  EXPECT_EQ(as_json_lines(records()),
            R"({"type":"top","data":{"time":"2026-11-22T08:00:00.000000000Z","interval":1.5,)"
            R"("by":"process","process.executable.name":"curl","process.pid":17,)"
            R"("sent.messages":2,"sent.bytes":200,"sent.mean_latency":1500,)"
            R"("sent.max_latency":2000,"received.messages":4,"received.bytes":400000,)"
            R"("received.mean_latency":25,"received.max_latency":50,"failures":1,)"
            R"("sizes":[{"min":0,"max":0,"count":1},{"min":64,"max":127,"count":2}]}})"
            "\n");
}

TEST(TopRecords, HaveAColumnForEachButTheSizes) {
  const auto columns = columns_of(*tui::find_view("process"));
  EXPECT_EQ(for_machines(records(), columns, Format::csv),
            "record,time,interval,by,process.executable.name,process.pid,sent.messages,sent.bytes,"
            "sent.mean_latency,sent.max_latency,received.messages,received.bytes,"
            "received.mean_latency,received.max_latency,failures\r\n"
            "top,2026-11-22T08:00:00.000000000Z,1.5,process,curl,17,2,200,1500,2000,4,400000,25,50,"
            "1\r\n");
}

}  // namespace
}  // namespace socktap::cli
