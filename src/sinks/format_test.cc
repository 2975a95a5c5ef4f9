// What the formats make of records.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/cgroups.h"
#include "sinks/chrome_trace.h"
#include "sinks/csv_format.h"
#include "sinks/json_format.h"
#include "sinks/text_format.h"

namespace socktap::sinks {
namespace {

class Collected : public Sink {
 public:
  Result<void> write(const Record& record) override {
    EXPECT_EQ(record.kind, RecordKind::output);
    text += record.text;
    return {};
  }
  Result<void> flush() override { return {}; }
  std::string text;
};

constexpr std::int64_t year_2026 = 1'795'334'400'000'000'000;  // 2026-11-22T08:00:00Z

struct Sample {
  WholeEvent whole{};
  ShownEvent shown;

  explicit Sample(const char* point) {
    Event& event = whole.record;
    event.time = 123'456'789;
    event.tgid = 42;
    event.tid = 43;
    std::string_view("curl").copy(event.comm, sizeof event.comm);
    shown.event = &event;
    shown.point = tapset::find_probe_point(point);
    event.operation = static_cast<__u8>(shown.point->operation);
    event.phase = static_cast<__u8>(shown.point->phase);
    shown.realtime_offset = year_2026;
    shown.fields = tapset::FieldSet::all();
  }
  Record record() const { return {.kind = RecordKind::event, .event = &shown}; }
};

Sample sent() {
  Sample sample("socket.sendmsg.return");
  Event& event = sample.whole.record;
  event.size = 78;
  event.success = 1;
  event.latency = 9'750;
  event.family = AF_INET;
  event.type = SOCK_STREAM;
  event.protocol = IPPROTO_TCP;
  event.state = 3;
  EventTail& tail = sample.whole.tail;
  tail.address_family = AF_INET;
  const __u8 loopback[] = {127, 0, 0, 1};
  std::copy_n(loopback, 4, tail.local_address);
  std::copy_n(loopback, 4, tail.remote_address);
  tail.local_port = 40000;
  tail.remote_port = 80;
  return sample;
}

Sample refused() {
  Sample sample("socket.recvmsg.return");
  Event& event = sample.whole.record;
  event.size = -EAGAIN;
  event.family = AF_INET6;
  event.type = SOCK_DGRAM;
  event.protocol = IPPROTO_UDP;
  EventTail& tail = sample.whole.tail;
  tail.address_family = AF_INET6;
  tail.local_address[15] = 1;
  tail.local_port = 53;
  return sample;
}

std::string as_text(const Record& record, bool in_color = false, bool with_heading = false) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  Collected out;
  TextFormat format(out, in_color, with_heading);
  EXPECT_TRUE(format.write(record));
  return out.text;
}

TEST(TextFormat, EventsAreLinesInColumns) {
  const Sample sample = sent();
  EXPECT_EQ(as_text(sample.record(), false, true),
            "TIME            PROCESS             PID OPERATION        SIZE LATENCY FAMILY   TYPE  "
            "    PROTOCOL LOCAL -> REMOTE, OR PATH\n"
            "08:00:00.123456 curl                 42 sendmsg            78  9.75us INET     STREAM"
            "    TCP      127.0.0.1:40000 -> 127.0.0.1:80\n");
}

TEST(TextFormat, FailuresAreNamedAndWhatIsNotConnectedHasOneEnd) {
  const Sample sample = refused();
  EXPECT_EQ(as_text(sample.record()),
            "08:00:00.123456 curl                 42 recvmsg        EAGAIN         INET6    DGRAM "
            "    UDP      [::1]:53\n");
}

TEST(TextFormat, OnlyColoursDifferInColour) {
  const Sample sample = refused();
  std::string colored = as_text(sample.record(), true);
  EXPECT_NE(colored.find("\033[31m     EAGAIN\033[0m"), std::string::npos) << colored;
  for (std::size_t at; (at = colored.find('\033')) != std::string::npos;)
    colored.erase(at, colored.find('m', at) - at + 1);
  EXPECT_EQ(colored, as_text(sample.record()));
}

TEST(TextFormat, NamesCannotMoveTheCursor) {
  Sample sample = sent();
  std::string_view("a\033[2J\n").copy(sample.whole.record.comm, 7);
  EXPECT_NE(as_text(sample.record()).find("a\\033[2J\\n "), std::string::npos);
}

TEST(TextFormat, OutputStaysWhatItIs) {
  EXPECT_EQ(as_text({RecordKind::output, "a\tb"}), "a\tb");
  EXPECT_EQ(as_text({.kind = RecordKind::loss, .count = 3}), "");
}

TEST(TextFormat, OtherPointsShowTheirVariables) {
  Sample sample("netdev.transmit");
  std::string_view("eth0").copy(sample.whole.record.dev_name, 4);
  sample.whole.record.size = 1500;
  const std::string line = as_text(sample.record());
  EXPECT_NE(line.find("netdev.transmit dev_name=eth0 length=1500 "), std::string::npos) << line;
}

nlohmann::json as_json(const Record& record) {
  Collected out;
  JsonFormat format(out);
  EXPECT_TRUE(format.write(record));
  EXPECT_TRUE(out.text.ends_with("}\n")) << out.text;
  EXPECT_EQ(out.text.find('\n'), out.text.size() - 1);
  return nlohmann::json::parse(out.text);
}

TEST(JsonFormat, EventsSayWhatIsKnownOfThem) {
  const Sample sample = sent();
  const nlohmann::json object = as_json(sample.record());
  EXPECT_EQ(object["type"], "event");
  const nlohmann::json expected = {{"time", "2026-11-22T08:00:00.123456789Z"},
                                   {"event.name", "socket.sendmsg.return"},
                                   {"process.pid", 42},
                                   {"thread.id", 43},
                                   {"process.executable.name", "curl"},
                                   {"network.io.direction", "transmit"},
                                   {"network.transport", "tcp"},
                                   {"network.type", "ipv4"},
                                   {"network.local.address", "127.0.0.1"},
                                   {"network.local.port", 40000},
                                   {"network.peer.address", "127.0.0.1"},
                                   {"network.peer.port", 80},
                                   {"size", 78},
                                   {"family", "INET"},
                                   {"protocol", "TCP"},
                                   {"type", "STREAM"},
                                   {"state", "CONNECTED"},
                                   {"success", true},
                                   {"latency", 9750}};
  for (const auto& [name, value] : expected.items()) EXPECT_EQ(object["data"][name], value) << name;
  EXPECT_FALSE(object["data"].contains("error.type"));
}

TEST(JsonFormat, FailuresHaveATypeAndWhatIsUnknownIsLeftOut) {
  const Sample sample = refused();
  const nlohmann::json data = as_json(sample.record())["data"];
  EXPECT_EQ(data["error.type"], "EAGAIN");
  EXPECT_EQ(data["network.type"], "ipv6");
  EXPECT_EQ(data["success"], false);
  for (const char* absent : {"network.peer.port", "latency", "sock", "flags", "msg_flags"})
    EXPECT_FALSE(data.contains(absent)) << absent;
}

TEST(JsonFormat, WhatWasNotCapturedIsLeftOut) {
  Sample sample = sent();
  sample.shown.fields = {tapset::Field::time, tapset::Field::task};
  const nlohmann::json data = as_json(sample.record())["data"];
  EXPECT_EQ(data.size(), 5u) << data;  // the direction is known all the same
  for (const char* present :
       {"time", "event.name", "process.pid", "thread.id", "network.io.direction"})
    EXPECT_TRUE(data.contains(present)) << present;
}

TEST(JsonFormat, ContainersAreKnownByTheirCgroups) {
  const std::string id(64, 'a');
  CgroupNames names = CgroupNames::of({{7, "/system.slice/docker-" + id + ".scope"}, {8, "/web"}});
  Sample sample = sent();
  sample.whole.tail.cgroup = 7;
  EXPECT_FALSE(as_json(sample.record())["data"].contains("container.id"));
  sample.shown.cgroups = &names;
  EXPECT_EQ(as_json(sample.record())["data"]["container.id"], id);
  sample.whole.tail.cgroup = 8;
  EXPECT_FALSE(as_json(sample.record())["data"].contains("container.id"));
}

TEST(JsonFormat, TextMayHoldAnyByte) {
  const std::string text("a\"\\\n\x01\xff\0z", 8);
  const nlohmann::json object = as_json({RecordKind::output, text});
  EXPECT_EQ(object["type"], "printf");
  EXPECT_EQ(object["data"], std::string("a\"\\\n\x01\xef\xbf\xbd\0z", 10));
}

TEST(JsonFormat, OtherRecordsHaveTypesOfTheirOwn) {
  EXPECT_EQ(as_json({RecordKind::warning, "w"}),
            nlohmann::json({{"type", "warning"}, {"data", "w"}}));
  EXPECT_EQ(as_json({RecordKind::error, "e"}), nlohmann::json({{"type", "error"}, {"data", "e"}}));
  EXPECT_EQ(as_json({.kind = RecordKind::loss, .count = 3, .loss = Loss::map_full})["data"],
            nlohmann::json({{"events", 3}, {"kind", "map_full"}}));
  EXPECT_EQ(as_json({.kind = RecordKind::attached, .count = 2})["data"]["probes"], 2);
}

TEST(CsvFormat, HasAHeaderAndAColumnForEachAttribute) {
  const Sample sample = sent();
  Collected out;
  CsvFormat format(out, std::span(&sample.shown.point, 1));
  ASSERT_TRUE(format.write(sample.record()));
  ASSERT_TRUE(format.write({RecordKind::output, "say \"hi\", you\n"}));
  EXPECT_TRUE(out.text.starts_with("record,time,event.name,process.pid,")) << out.text;
  EXPECT_NE(out.text.find("\r\nevent,2026-11-22T08:00:00.123456789Z,socket.sendmsg.return,42,43,"),
            std::string::npos)
      << out.text;
  EXPECT_TRUE(out.text.ends_with(",\"say \"\"hi\"\", you\n\"\r\n")) << out.text;
  const std::string header = out.text.substr(0, out.text.find('\r'));
  const std::string row = out.text.substr(header.size() + 2);
  EXPECT_EQ(std::ranges::count(header, ','),
            std::ranges::count(row.substr(0, row.find('\r')), ','));
}

TEST(Durations, HaveThreeDigitsAndAUnit) {
  const auto text_of = [](std::uint64_t ns) {
    std::string text;
    append_duration(ns, text);
    return text;
  };
  EXPECT_EQ(text_of(0), "0ns");
  EXPECT_EQ(text_of(999), "999ns");
  EXPECT_EQ(text_of(1'000), "1.00us");
  EXPECT_EQ(text_of(9'994), "9.99us");
  EXPECT_EQ(text_of(9'996), "10.0us");
  EXPECT_EQ(text_of(99'960), "100us");
  EXPECT_EQ(text_of(999'600), "1.00ms");
  EXPECT_EQ(text_of(12'345'678'901), "12.3s");
  EXPECT_EQ(text_of(86'400'000'000'000), "86400s");
}

TEST(Clocks, GoOnFromSecondToSecond) {
  ClockText clock;
  std::string text;
  for (const std::int64_t ns : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'999'999'999}}) {
    clock.append_rfc3339(ns, text);
    text += ' ';
  }
  EXPECT_EQ(text,
            "1970-01-01T00:00:00.000000000Z 1969-12-31T23:59:59.999999999Z "
            "1970-01-01T00:00:01.999999999Z ");
}

TEST(Timelines, OperationsAreSlicesAndTheirProcessesHaveNames) {
  const std::string path =
      ::testing::TempDir() + "timeline-" + std::to_string(::getpid()) + ".json";
  {
    auto timeline = ChromeTrace::open(path);
    ASSERT_TRUE(timeline);
    ASSERT_TRUE(timeline->write(sent().record()));
    ASSERT_TRUE(timeline->write(refused().record()));
    ASSERT_TRUE(timeline->finish());
  }
  std::FILE* file = std::fopen(path.c_str(), "r");
  ASSERT_NE(file, nullptr);
  const nlohmann::json events = nlohmann::json::parse(file);
  std::fclose(file);
  std::remove(path.c_str());
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0], nlohmann::json::parse(
                           R"({"name":"process_name","ph":"M","pid":42,"args":{"name":"curl"}})"));
  EXPECT_EQ(events[1]["ph"], "X");
  EXPECT_DOUBLE_EQ(events[1]["ts"], static_cast<double>(year_2026 + 123'456'789 - 9'750) / 1e3);
  EXPECT_DOUBLE_EQ(events[1]["dur"], 9.75);
  EXPECT_EQ(events[1]["args"]["size"], 78);
  EXPECT_EQ(events[2]["ph"], "i");
}

}  // namespace
}  // namespace socktap::sinks
