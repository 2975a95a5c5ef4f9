#include "event/event.h"

#include <gtest/gtest.h>

#include <cstring>

namespace socktap {
namespace {

TEST(Event, LoadsSignedAndUnsignedFields) {
  Event event{};
  event.size = -32;
  event.family = -1;
  event.state = -1;
  event.tgid = 0xffffffff;
  event.success = 1;
  EXPECT_EQ(load(event, layout_of(tapset::Field::size)), -32);
  EXPECT_EQ(load(event, layout_of(tapset::Field::family)), -1);
  EXPECT_EQ(load(event, layout_of(tapset::Field::state)), -1);
  EXPECT_EQ(load(event, layout_of(tapset::Field::task)), 0xffffffff);
  EXPECT_EQ(load(event, layout_of(tapset::Field::success)), 1);
}

TEST(Event, CommNeedNotBeTerminated) {
  Event event{};
  std::memcpy(event.comm, "0123456789abcdef", 16);
  EXPECT_EQ(comm_of(event), "0123456789abcdef");
  std::memcpy(event.comm, "nc\0d", 4);
  EXPECT_EQ(comm_of(event), "nc");
}

TEST(Event, IsWellFormedIfItsKindPhaseAndPathAre) {
  Event event{};
  event.operation = SOCKTAP_OPERATIONS - 1;
  event.phase = SOCKTAP_CONCLUSION;
  event.path = SOCKTAP_PATH_READV;
  EXPECT_TRUE(is_well_formed(event));
  for (__u8 Event::*const member : {&Event::operation, &Event::phase, &Event::path}) {
    Event other = event;
    ++(other.*member);
    EXPECT_FALSE(is_well_formed(other));
  }
}

// What the points' variables name may, where no point has both.
TEST(Event, FieldsOfAPointDoNotOverlap) {
  tapset::FieldSet of_variables;
  for (const auto points : {tapset::probe_points(), tapset::call_points()})
    for (const tapset::ProbePoint& point : points)
      for (const tapset::Binding& binding : point.bindings)
        of_variables |= tapset::fields_of(point, binding.from);
  for (const tapset::ProbePoint& point : tapset::probe_points()) {
    tapset::FieldSet of_point;
    for (const tapset::Binding& binding : point.bindings)
      of_point |= tapset::fields_of(point, binding.from);
    std::array<int, sizeof(WholeEvent)> owner{};
    for (int i = 0; i < tapset::field_count; ++i) {
      const auto field = static_cast<tapset::Field>(i);
      if (of_variables.contains(field) && !of_point.contains(field)) continue;
      const FieldLayout layout = layout_of(field);
      for (int byte = layout.offset; byte < layout.offset + layout.width; ++byte)
        EXPECT_EQ(owner[static_cast<std::size_t>(byte)]++, 0)
            << point.name << ": " << tapset::field_names[i] << " byte " << byte;
    }
  }
}

TEST(Event, OnlyFieldsOfTheTailMakeARecordLonger) {
  EXPECT_EQ(record_size({}), 128U);
  EXPECT_EQ(record_size({tapset::Field::size, tapset::Field::dev_name}), 128U);
  EXPECT_EQ(record_size({tapset::Field::size, tapset::Field::local_port}), 192U);
  EXPECT_EQ(record_size({tapset::Field::arguments}), 256U);
  EXPECT_EQ(record_size({tapset::Field::fd, tapset::Field::cgroup}), 192U);
  EXPECT_EQ(record_size({tapset::Field::unix_path}), 320U);
  EXPECT_EQ(record_size({tapset::Field::capture_1, tapset::Field::local_port}), 640U);
  EXPECT_EQ(record_size(tapset::FieldSet::all()), sizeof(WholeEvent));
}

}  // namespace
}  // namespace socktap
