#include "event/event_text.h"

#include <gtest/gtest.h>

#include "event/derived.h"

namespace socktap {
namespace {

TEST(EventText, ReadsWhatItDescribes) {
  const auto event = parse_event(
      "send conclusion writev time=5 pid=7 tid=8 comm=nc size=-32 protocol=6 family=2 state=3 "
      "flags=8 type=1 requester=0 err=0 sock=99");
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(
      describe(event->record),
      "send conclusion writev time=5 pid=7 tid=8 comm=nc size=-32 protocol=6 family=2 state=3 "
      "flags=0x8 type=1 success=0 requester=0 err=0 sock=99");
}

TEST(EventText, FillsInWhatIsLeftOut) {
  EXPECT_EQ(describe(parse_event("create err=-97 family=99")->record),
            describe(parse_event("create conclusion err=-97 family=99 success=0")->record));
  EXPECT_EQ(describe(parse_event("receive")->record),
            describe(parse_event("receive phase=conclusion path=recvmsg success=1")->record));
  EXPECT_EQ(phase_of(parse_event("net_receive")->record), tapset::Phase::begin);
}

TEST(EventText, ReadsTails) {
  const auto event = parse_event(
      "send local_address=::1 local_port=40000 remote_address=2001:db8::7 remote_port=1");
  ASSERT_TRUE(event) << event.error().message;
  const tapset::ProbePoint& point = *tapset::find_probe_point("tcp.sendmsg.return");
  const auto text = [&](tapset::Variable variable) {
    return text_from(point.find(variable)->from, point, event->record);
  };
  EXPECT_EQ(text(tapset::Variable::saddr), "::1");
  EXPECT_EQ(text(tapset::Variable::daddr), "2001:db8::7");
  EXPECT_EQ(event->tail.local_port, 40000);
}

TEST(EventText, RefusesWhatItDoesNotKnow) {
  for (const char* line : {"", "sned", "send later", "send path=writ", "send bytes=3",
                           "send size=three", "send size", "send local_address=1.2.3"})
    EXPECT_FALSE(parse_event(line)) << line;
}

}  // namespace
}  // namespace socktap
