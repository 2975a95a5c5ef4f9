#include "session/target_family.h"

#include <gtest/gtest.h>

#include "event/event_text.h"

namespace socktap::session {
namespace {

TEST(TargetFamily, IsTheTargetAndWhomItBegins) {
  TargetFamily family(10);
  const auto includes = [&](const char* line) {
    return family.includes(parse_event(line)->record);
  };
  EXPECT_TRUE(includes("process begin pid=10 ppid=1")) << "its exec";
  EXPECT_TRUE(includes("process begin pid=11 ppid=10"));
  EXPECT_TRUE(includes("process begin pid=12 ppid=11")) << "a grandchild";
  EXPECT_FALSE(includes("process begin pid=20 ppid=2"));
  EXPECT_FALSE(includes("process conclusion pid=20 ppid=2"));
  EXPECT_TRUE(includes("process conclusion pid=11 ppid=10"));
  EXPECT_FALSE(includes("process begin pid=11 ppid=2")) << "another has its number now";
  EXPECT_TRUE(includes("process begin pid=12 ppid=1")) << "an orphan's exec";
  EXPECT_TRUE(includes("process conclusion pid=10 ppid=1"));
  EXPECT_TRUE(includes("process conclusion pid=12 ppid=1"));
}

TEST(TargetFamily, WithoutTargetIsEverybody) {
  TargetFamily family(0);
  EXPECT_TRUE(family.includes(parse_event("process begin pid=20 ppid=2")->record));
  EXPECT_TRUE(family.includes(parse_event("process conclusion pid=21 ppid=2")->record));
}

}  // namespace
}  // namespace socktap::session
