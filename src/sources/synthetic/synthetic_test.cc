#include <gtest/gtest.h>

#include "sources/synthetic/event_text.h"
#include "sources/synthetic/synthetic_source.h"

namespace socktap::sources {
namespace {

TEST(EventText, ReadsWhatItDescribes) {
  const auto event = parse_event(
      "send conclusion writev time=5 pid=7 tid=8 comm=nc size=-32 protocol=6 family=2 state=3 "
      "flags=8 type=1 requester=0 err=0 sock=99");
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(
      socktap::describe(*event),
      "send conclusion writev time=5 pid=7 tid=8 comm=nc size=-32 protocol=6 family=2 state=3 "
      "flags=0x8 type=1 success=0 requester=0 err=0 sock=99");
}

TEST(EventText, CloseAndCreateHaveNoPath) {
  const auto event = parse_event("create conclusion err=-97 family=99");
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(operation_of(*event), tapset::Operation::create);
  EXPECT_EQ(event->success, 0);
}

TEST(EventText, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(parse_event(""));
  EXPECT_FALSE(parse_event("send conclusion"));
  EXPECT_FALSE(parse_event("send conclusion sendmsg bytes=3"));
  EXPECT_FALSE(parse_event("send conclusion sendmsg size=three"));
  EXPECT_FALSE(parse_event("send conclusion sendmsg size"));
}

TEST(SyntheticSource, DeliversByDeadlineAndItsClockFollows) {
  SyntheticSource source({*parse_event("send conclusion sendmsg time=10 size=1"),
                          *parse_event("send conclusion sendmsg time=20 size=2"),
                          *parse_event("send conclusion sendmsg time=20 size=3")});
  ASSERT_TRUE(source.attach({}, {}));
  EXPECT_EQ(*source.next(9), nullptr);
  EXPECT_EQ(source.now(), 9u);
  EXPECT_EQ((*source.next(15))->size, 1);
  EXPECT_EQ(*source.next(15), nullptr);
  EXPECT_EQ(source.now(), 15u);
  EXPECT_EQ((*source.next(20))->size, 2);
  EXPECT_FALSE(source.finished());
  EXPECT_EQ((*source.next(20))->size, 3);
  EXPECT_TRUE(source.finished());
  EXPECT_EQ(*source.next(1000), nullptr);
  EXPECT_EQ(source.now(), 20u) << "the clock stops with the table";
  EXPECT_EQ(source.statistics().delivered, 3u);
}

}  // namespace
}  // namespace socktap::sources
