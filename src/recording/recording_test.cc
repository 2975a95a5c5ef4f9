// What is written can be read, and nothing else is taken for it.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "recording/reader.h"
#include "recording/schema.h"
#include "recording/writer.h"

namespace socktap::recording {
namespace {

using tapset::Field;
using tapset::FieldSet;

class Recordings : public ::testing::Test {
 protected:
  void TearDown() override {
    for (const char* part : {"", "-wal", "-shm"}) std::remove((path_ + part).c_str());
  }

  static bool are_equal(const WholeEvent& a, const WholeEvent& b) {
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): padding is zero, and compared, too
    return std::memcmp(&a, &b, sizeof a) == 0;
  }

  static Facts facts() {
    FieldSet all;
    for (int i = 0; i < tapset::field_count; ++i)
      if (!fields_without_columns().contains(static_cast<Field>(i)))
        all.insert(static_cast<Field>(i));
    Facts facts{.program = "socktap test",
                .kernel = "6.1.0",
                .machine = "x86_64",
                .source = "typed tracepoints",
                .command = "curl 'x'",
                .points = {"socket.writev.return", "socket.close"},
                .target = 77,
                .realtime_offset = 1'000'000'000'000,
                .fields = all};
    facts.paths.push_back({tapset::Operation::send, tapset::Phase::conclusion, tapset::Path::writev,
                           "typed", "seen exactly once", 3, 3});
    return facts;
  }

  // Every number is one that its place can hold and no other place has.
  static WholeEvent sample(std::uint64_t time) {
    WholeEvent whole{};
    Event& event = whole.record;
    event.time = time;
    event.operation = SOCKTAP_SEND;
    event.phase = SOCKTAP_CONCLUSION;
    event.path = SOCKTAP_PATH_WRITEV;
    event.tgid = 4'000'000'000;
    event.tid = 101;
    event.ppid = 102;
    event.uid = 103;
    event.euid = 104;
    event.gid = 105;
    event.egid = 106;
    event.cpu = 107;
    std::memcpy(event.comm, "sixteen letters!", 16);
    event.sock = 0xfedcba9876543210;
    event.size = -104;
    event.latency = 108;
    event.flags = 0x80000001;
    event.msg_flags = 0x4000;
    event.protocol = 262;
    event.err = -5;
    event.family = AF_INET6;
    event.type = 5;
    event.state = -1;
    event.requester = 1;
    EventTail& tail = whole.tail;
    tail.address_family = AF_INET6;
    tail.local_address[15] = 1;
    tail.remote_address[0] = 0xfe;
    tail.remote_address[1] = 0x80;
    tail.local_port = 65535;
    tail.remote_port = 443;
    tail.tcp_flags = 0x12;
    return whole;
  }

  Result<void> write(const std::vector<WholeEvent>& events, bool to_the_end = true,
                     std::uint64_t reached = 0) const {
    auto writer = Writer::create(path_, facts());
    if (!writer) return tl::unexpected(writer.error());
    const auto* point = tapset::find_probe_point("socket.writev.return");
    for (const WholeEvent& event : events) {
      const ShownEvent shown{
          .event = &event.record, .point = point, .fields = facts().fields, .reached = reached};
      if (auto added = writer->add(shown); !added) return added;
    }
    if (auto committed = writer->commit(); !committed) return committed;
    if (!to_the_end) return {};
    Losses losses;
    losses[Loss::map_full] = 9;
    if (auto set = writer->set(losses); !set) return set;
    if (auto set = writer->set({.began = 1, .started = 2, .reached = 30, .ended = 40}); !set)
      return set;
    if (auto added = writer->add_cgroup(12, "/system.slice"); !added) return added;
    return writer->finish();
  }

  std::string bytes() const {
    std::ifstream file(path_);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }

  // As anybody could who has SQLite.
  void change(const std::string& sql) const {
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(connection);
    sqlite3_close(connection);
  }

  std::string refusal() const {
    auto reader = Reader::open(path_);
    if (!reader) return reader.error().message;
    WholeEvent event;
    std::uint64_t ready = 0;
    for (;;) {
      const auto next = reader->next(event, ready);
      if (!next) return next.error().message;
      if (!*next) return "";
    }
  }

  std::string path_ = ::testing::TempDir() + "recording_test-" + std::to_string(::getpid()) + ".db";
};

TEST_F(Recordings, HoldWhateverARecordHolds) {
  const WholeEvent first = sample(100), second = sample(200);
  const auto written = write({first, second});
  ASSERT_TRUE(written) << written.error().message;
  auto reader = Reader::open(path_);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->facts().command, "curl 'x'");
  EXPECT_EQ(reader->facts().points, facts().points);
  EXPECT_EQ(reader->facts().target, 77);
  EXPECT_EQ(reader->facts().realtime_offset, 1'000'000'000'000);
  EXPECT_EQ(reader->facts().fields, facts().fields);
  ASSERT_EQ(reader->facts().paths.size(), 1u);
  EXPECT_EQ(reader->facts().paths[0].verdict, "seen exactly once");
  EXPECT_EQ(reader->moments().began, 1u);
  EXPECT_EQ(reader->moments().ended, 40u);
  EXPECT_EQ(reader->losses()[Loss::map_full], 9u);
  EXPECT_EQ(reader->cgroups().at(12), "/system.slice");
  EXPECT_EQ(reader->events(), 2u);
  for (const WholeEvent& expected : {first, second}) {
    WholeEvent event;
    std::uint64_t ready = 0;
    const auto next = reader->next(event, ready);
    ASSERT_TRUE(next) << next.error().message;
    ASSERT_TRUE(*next);
    EXPECT_TRUE(are_equal(event, expected)) << describe(event.record) << "\n"
                                            << describe(expected.record);
    EXPECT_EQ(ready, expected.record.time);
  }
  WholeEvent event;
  std::uint64_t ready = 0;
  EXPECT_FALSE(*reader->next(event, ready));
}

TEST_F(Recordings, PacketsHaveOtherColumns) {
  WholeEvent packet{};
  packet.record.time = 5;
  packet.record.operation = SOCKTAP_NET_TRANSMIT;
  packet.record.truesize = 768;
  std::memcpy(packet.record.dev_name, "eth0", 4);
  ASSERT_TRUE(write({packet}));
  auto reader = Reader::open(path_);
  ASSERT_TRUE(reader);
  WholeEvent event;
  std::uint64_t ready = 0;
  ASSERT_TRUE(*reader->next(event, ready));
  EXPECT_TRUE(are_equal(event, packet));
}

TEST_F(Recordings, WhatCameLateIsNotReadyEarlier) {
  ASSERT_TRUE(write({sample(100)}, true, 150));
  auto reader = Reader::open(path_);
  ASSERT_TRUE(reader);
  WholeEvent event;
  std::uint64_t ready = 0;
  ASSERT_TRUE(*reader->next(event, ready));
  EXPECT_EQ(event.record.time, 100u);
  EXPECT_EQ(ready, 151u);
}

TEST_F(Recordings, ThatWereBrokenOffAreReadAsFarAsTheyGo) {
  ASSERT_TRUE(write({sample(100)}, false));
  auto reader = Reader::open(path_);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_FALSE(reader->moments().ended);
  EXPECT_EQ(reader->events(), 1u);
}

TEST_F(Recordings, OtherFilesAreNeitherReadNorReplaced) {
  std::ofstream(path_) << "some text";
  EXPECT_NE(refusal().find("is no recording"), std::string::npos) << refusal();
  const auto replaced = Writer::create(path_, facts());
  ASSERT_FALSE(replaced);
  EXPECT_NE(replaced.error().message.find("exists and is no recording"), std::string::npos);
  EXPECT_EQ(bytes(), "some text");
}

TEST_F(Recordings, OtherDatabasesAreNeitherReadNorReplaced) {
  {
    auto database = Database::create(path_);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute("CREATE TABLE t(a)"));
  }
  EXPECT_NE(refusal().find("some other SQLite database"), std::string::npos) << refusal();
  EXPECT_FALSE(Writer::create(path_, facts()));
}

TEST_F(Recordings, ThatWereThereAreReplaced) {
  ASSERT_TRUE(write({sample(100), sample(101)}));
  ASSERT_TRUE(write({sample(100)}));
  auto reader = Reader::open(path_);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->events(), 1u);
}

TEST_F(Recordings, WhatIsWrongInThemHasItsPlace) {
  const struct {
    const char* sql;
    const char* refusal;
  } cases[] = {
      {"UPDATE events SET size = 'x' WHERE id = 2", "event 2: the column size"},
      {"UPDATE events SET cpu = 70000 WHERE id = 1", "event 1: the column cpu"},
      {"UPDATE events SET operation = 99", "event 1: it is of an unknown kind"},
      {"UPDATE events SET way = 99", "event 1: it is not well-formed"},
      {"UPDATE events SET time = -1", "event 1: it is not well-formed"},
      {"UPDATE events SET local_addr = 'here'", "event 1: the column local_addr"},
      {"UPDATE events SET comm = 'far more than sixteen letters'", "event 1: the column comm"},
      {"UPDATE meta SET value = 'soon' WHERE key = 'ended'", "its ended is no number"},
      {"UPDATE meta SET value = 'time soul' WHERE key = 'fields'", "an unknown field soul"},
      {"INSERT INTO paths(operation) VALUES(77)", "a path of an unknown kind"},
      {"DROP TABLE losses", "it lacks tables"},
      {"PRAGMA user_version = 7", "has the format 7"},
      {"ALTER TABLE events RENAME COLUMN size TO width", "no such column: size"},
  };
  for (const auto& [sql, expected] : cases) {
    ASSERT_TRUE(write({sample(100), sample(101)}));
    change(sql);
    EXPECT_NE(refusal().find(expected), std::string::npos) << sql << ": " << refusal();
  }
}

TEST_F(Recordings, WithoutItsEndAFileIsBroken) {
  ASSERT_TRUE(write(std::vector<WholeEvent>(2'000, sample(100))));
  const std::string whole = bytes();
  std::ofstream(path_, std::ios::trunc) << whole.substr(0, whole.size() / 2);
  EXPECT_NE(refusal().find("is broken"), std::string::npos) << refusal();
}

}  // namespace
}  // namespace socktap::recording
