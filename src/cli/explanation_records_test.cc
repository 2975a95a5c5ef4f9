// What `explain` says for machines.
#include "cli/explanation_records.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace socktap::cli {
namespace {

std::vector<plan::HandlerExplanation> sample() {
  return {{.points = {"socket.send"},
           .place = "t.stp:1:1",
           .in_kernel = true,
           .kept = {"the sum of n by [pid()]"}},
          {.points = {"socket.close", "socket.create"},
           .place = "t.stp:2:1",
           .conditions = {"family == 2"},
           .fields = {"comm", "family"},
           .reasons = {{"it prints", "t.stp:2:9"}}},
          {.points = {"end"}, .place = "t.stp:3:1", .has_events = false, .finds_merged = true}};
}

TEST(ExplanationRecords, HaveWhatIsSoOfTheHandler) {
  std::istringstream lines(explanation_for_machines(sample(), Format::json));
  std::vector<nlohmann::json> data;
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    EXPECT_EQ(record["type"], "handler");
    data.push_back(record["data"]);
  }
  ASSERT_EQ(data.size(), 3u);
  EXPECT_EQ(data[0], nlohmann::json::parse(
                         R"({"points":["socket.send"],"place":"t.stp:1:1","runs":"kernel",)"
                         R"("kept":["the sum of n by [pid()]"],"kept_by_thread":[]})"));
  EXPECT_EQ(data[1], nlohmann::json::parse(
                         R"({"points":["socket.close","socket.create"],"place":"t.stp:2:1",)"
                         R"("runs":"user","conditions":["family == 2"],"fields":["comm","family"],)"
                         R"("reasons":[{"reason":"it prints","place":"t.stp:2:9"}]})"));
  EXPECT_EQ(data[2], nlohmann::json::parse(R"({"points":["end"],"place":"t.stp:3:1",)"
                                           R"("runs":"user","finds_merged":true})"));
}

TEST(ExplanationRecords, AreARowEach) {
  EXPECT_EQ(
      explanation_for_machines(sample(), Format::csv),
      "record,points,place,runs,finds_merged,kept,kept_by_thread,conditions,fields,reasons\r\n"
      "handler,socket.send,t.stp:1:1,kernel,,the sum of n by [pid()],,,,\r\n"
      "handler,socket.close; socket.create,t.stp:2:1,user,,,,family == 2,comm; family,"
      "\"[{\"\"reason\"\":\"\"it prints\"\",\"\"place\"\":\"\"t.stp:2:9\"\"}]\"\r\n"
      "handler,end,t.stp:3:1,user,true,,,,,\r\n");
}

}  // namespace
}  // namespace socktap::cli
