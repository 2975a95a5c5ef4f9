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
  event.operation = SOCKTAP_CLOSE;
  event.phase = SOCKTAP_CONCLUSION;
  event.path = SOCKTAP_PATH_READV;
  EXPECT_TRUE(is_well_formed(event));
  for (__u8 Event::*const member : {&Event::operation, &Event::phase, &Event::path}) {
    Event other = event;
    ++(other.*member);
    EXPECT_FALSE(is_well_formed(other));
  }
}

TEST(Event, FieldsDoNotOverlap) {
  std::array<int, sizeof(Event)> owner{};
  for (int i = 0; i < tapset::field_count; ++i) {
    const FieldLayout layout = layout_of(static_cast<tapset::Field>(i));
    for (int byte = layout.offset; byte < layout.offset + layout.width; ++byte) {
      EXPECT_EQ(owner[static_cast<std::size_t>(byte)]++, 0) << "field " << i << " byte " << byte;
    }
  }
}

}  // namespace
}  // namespace socktap
