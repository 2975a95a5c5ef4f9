#include <gtest/gtest.h>

#include "event/event_text.h"
#include "sources/synthetic/synthetic_source.h"

namespace socktap::sources {
namespace {

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
