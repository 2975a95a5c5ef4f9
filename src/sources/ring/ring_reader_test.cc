#include "sources/ring/ring_reader.h"

#include <gtest/gtest.h>

#include <vector>

namespace socktap::sources {
namespace {

constexpr std::uint64_t forever = ~std::uint64_t{0};

// The writer's half, as the collectors do it.
class Rings {
 public:
  Rings(std::size_t cpus, std::size_t size) : cpus_(cpus), slots_(cpus * size), size_(size) {}

  std::uint64_t reserve(std::size_t cpu) { return cpus_[cpu].head++; }
  void publish(std::size_t cpu, std::uint64_t position, std::uint64_t time) {
    Event& record = slot(cpu, position);
    record.time = time;
    record.cpu = static_cast<std::uint16_t>(cpu);
    record.commit = position + 1;
  }
  Event& slot(std::size_t cpu, std::uint64_t position) {
    return slots_[cpu * size_ + position % size_];
  }
  void write(std::size_t cpu, std::uint64_t time) { publish(cpu, reserve(cpu), time); }
  std::uint64_t used(std::size_t cpu) const { return cpus_[cpu].head - cpus_[cpu].tail; }

  RingReader reader() { return {cpus_, std::as_bytes(std::span(slots_)), sizeof(Event)}; }

 private:
  std::vector<socktap_cpu> cpus_;
  std::vector<Event> slots_;
  std::size_t size_;
};

std::vector<std::uint64_t> drain(RingReader& reader, std::uint64_t deadline = forever) {
  std::vector<std::uint64_t> times;
  while (const Event* event = reader.next(deadline)) times.push_back(event->time);
  return times;
}

using Times = std::vector<std::uint64_t>;

TEST(RingReader, MergesTheRingsByTime) {
  Rings rings(3, 8);
  for (const std::uint64_t time : {1, 4, 7}) rings.write(0, time);
  for (const std::uint64_t time : {2, 3, 8}) rings.write(1, time);
  for (const std::uint64_t time : {5, 6, 9}) rings.write(2, time);
  RingReader reader = rings.reader();
  reader.look(100);
  EXPECT_EQ(drain(reader), (Times{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_TRUE(reader.complete_to(100));
  EXPECT_FALSE(reader.complete_to(101));
}

TEST(RingReader, SeesNothingBeforeItLooks) {
  Rings rings(1, 8);
  RingReader reader = rings.reader();
  reader.look(1);
  rings.write(0, 2);
  EXPECT_EQ(reader.next(forever), nullptr);
  reader.look(3);
  EXPECT_EQ(drain(reader), Times{2});
}

TEST(RingReader, HoldsBackWhatIsLaterThanTheDeadline) {
  Rings rings(2, 8);
  rings.write(0, 10);
  rings.write(1, 20);
  RingReader reader = rings.reader();
  reader.look(100);
  EXPECT_EQ(drain(reader, 15), Times{10});
  EXPECT_EQ(drain(reader, 15), Times{});
  EXPECT_EQ(drain(reader, 20), Times{20});
}

TEST(RingReader, HoldsBackWhatIsLaterThanTheLook) {
  Rings rings(2, 8);
  rings.write(0, 10);
  rings.write(1, 20);  // written while the reader looked: another ring may still get an earlier one
  RingReader reader = rings.reader();
  reader.look(15);
  EXPECT_EQ(drain(reader), Times{10});
  rings.write(0, 18);
  reader.look(25);
  EXPECT_EQ(drain(reader), (Times{18, 20}));
}

TEST(RingReader, WaitsForARecordThatIsBeingWritten) {
  Rings rings(2, 8);
  rings.write(0, 5);
  const std::uint64_t position = rings.reserve(0);
  rings.write(1, 4);
  rings.write(1, 9);
  RingReader reader = rings.reader();
  reader.look(20);
  EXPECT_EQ(drain(reader), (Times{4, 5})) << "9 may be later than the one being written";
  EXPECT_FALSE(reader.complete_to(20));
  rings.publish(0, position, 8);
  EXPECT_EQ(drain(reader), (Times{8, 9})) << "no further look is needed";
  EXPECT_TRUE(reader.complete_to(20));
}

TEST(RingReader, PassesOverWhatIsNeverWritten) {
  Rings rings(2, 8);
  rings.write(0, 5);
  rings.reserve(0);
  rings.reserve(0);
  rings.write(0, 6);
  rings.write(1, 7);
  RingReader reader = rings.reader();
  reader.look(20);
  EXPECT_EQ(drain(reader), (Times{5}));
  EXPECT_TRUE(reader.waiting());
  EXPECT_EQ(reader.pass_unpublished(), 2u);
  EXPECT_EQ(drain(reader), (Times{6, 7}));
  EXPECT_FALSE(reader.waiting());
  EXPECT_TRUE(reader.empty());
}

TEST(RingReader, GivesRoomBackAndGoesRound) {
  Rings rings(1, 8);
  RingReader reader = rings.reader();
  std::uint64_t time = 0;
  for (int lap = 0; lap < 5; ++lap) {
    Times expected;
    for (int i = 0; i < 6; ++i) {
      rings.write(0, ++time);
      expected.push_back(time);
    }
    reader.look(time);
    EXPECT_EQ(drain(reader), expected);
    reader.look(time);
    EXPECT_EQ(rings.used(0), 0u);
  }
}

TEST(RingReader, KeepsTheCallersRecordUntilTheNextCall) {
  Rings rings(1, 8);
  rings.write(0, 1);
  RingReader reader = rings.reader();
  reader.look(5);
  const Event* event = reader.next(forever);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(rings.used(0), 1u);
  reader.look(6);
  EXPECT_EQ(rings.used(0), 0u);
}

TEST(RingReader, SkipsAllThatWasRecorded) {
  Rings rings(2, 8);
  rings.write(0, 1);
  rings.write(1, 2);
  RingReader reader = rings.reader();
  reader.look(5);
  reader.skip_all();
  rings.write(0, 7);
  reader.look(9);
  EXPECT_EQ(drain(reader), Times{7});
}

TEST(RingReader, CountsRecordsThatWereOverwritten) {
  Rings rings(1, 4);
  for (std::uint64_t time = 1; time <= 5; ++time) rings.write(0, time);  // one more than fit
  RingReader reader = rings.reader();
  reader.look(9);
  EXPECT_EQ(drain(reader), (Times{2, 3, 4, 5}));
  EXPECT_EQ(reader.overwritten(), 1u);
}

TEST(RingReader, CountsRecordsThatAreNone) {
  Rings rings(1, 4);
  for (std::uint64_t time = 1; time <= 3; ++time) rings.write(0, time);
  rings.slot(0, 1).operation = tapset::operation_count;
  RingReader reader = rings.reader();
  reader.look(9);
  EXPECT_EQ(drain(reader), (Times{1, 3}));
  EXPECT_EQ(reader.overwritten(), 1u);
}

}  // namespace
}  // namespace socktap::sources
