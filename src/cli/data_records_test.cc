// What commands hand to machines, as JSON and as CSV.
#include "cli/data_records.h"

#include <gtest/gtest.h>

namespace socktap::cli {
namespace {

constexpr std::string_view columns[] = {"name", "parts", "types", "causes", "number", "is_good"};

DataRecords sample() {
  return {
      {"thing",
       {{"name", "a \"b\", c"},
        {"parts", {"x", "y"}},
        {"types", {{"size", "long"}, {"name", "string"}}},
        {"causes", nlohmann::ordered_json::parse(R"([{"why":"a, b"}])")},
        {"number", 7},
        {"is_good", true},
        {"other", "is no column"}}},
      {"bare", {{"name", ""}, {"parts", nlohmann::ordered_json::array()}, {"number", nullptr}}}};
}

TEST(DataRecords, AreObjectsInTheirOrder) {
  EXPECT_EQ(
      as_json_lines(sample()),
      R"({"type":"thing","data":{"name":"a \"b\", c","parts":["x","y"],)"
      R"("types":{"size":"long","name":"string"},"causes":[{"why":"a, b"}],"number":7,"is_good":true,)"
      R"("other":"is no column"}})"
      "\n"
      R"({"type":"bare","data":{"name":"","parts":[],"number":null}})"
      "\n");
}

TEST(DataRecords, AreRowsOfTheColumns) {
  EXPECT_EQ(for_machines(sample(), columns, Format::csv),
            "record,name,parts,types,causes,number,is_good\r\n"
            "thing,\"a \"\"b\"\", c\",x; y,size:long name:string,\"[{\"\"why\"\":\"\"a, "
            "b\"\"}]\",7,true\r\n"
            "bare,,,,,,\r\n");
}

TEST(DataRecords, BytesThatAreNoTextDoNotStopThem) {
  EXPECT_EQ(as_json_lines({{"thing", {{"name", "\xff"}}}}),
            "{\"type\":\"thing\",\"data\":{\"name\":\"\xef\xbf\xbd\"}}\n");
}

TEST(DataRecords, LossesThatHappenedAreAmongThem) {
  Losses losses;
  losses[Loss::map_full] = 3;
  DataRecords records;
  add_losses(losses, records);
  EXPECT_EQ(as_json_lines(records),
            "{\"type\":\"lost_events\",\"data\":{\"events\":3,\"kind\":\"map_full\"}}\n");
}

}  // namespace
}  // namespace socktap::cli
