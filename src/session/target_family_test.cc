#include "session/target_family.h"

#include <gtest/gtest.h>

#include "event/event_text.h"

namespace socktap::session {
namespace {

TEST(TargetFamily, IsTheTargetAndWhomItBegins) {
  TargetFamily family(50000010);  // no process has such numbers
  const auto includes = [&](const char* line) {
    return family.includes(parse_event(line)->record);
  };
  EXPECT_TRUE(includes("process begin pid=50000010 ppid=50000001")) << "its exec";
  EXPECT_TRUE(includes("process begin pid=50000011 ppid=50000010"));
  EXPECT_TRUE(includes("process begin pid=50000012 ppid=50000011")) << "a grandchild";
  EXPECT_FALSE(includes("process begin pid=50000020 ppid=50000002"));
  EXPECT_FALSE(includes("process conclusion pid=50000020 ppid=50000002"));
  EXPECT_TRUE(includes("process conclusion pid=50000011 ppid=50000010"));
  EXPECT_FALSE(includes("process begin pid=50000011 ppid=50000002"))
      << "another has its number now";
  EXPECT_TRUE(includes("process begin pid=50000012 ppid=50000001")) << "an orphan's exec";
  EXPECT_TRUE(includes("process conclusion pid=50000010 ppid=50000001"));
  EXPECT_TRUE(includes("process conclusion pid=50000012 ppid=50000001"));
}

TEST(TargetFamily, WithoutTargetIsEverybody) {
  TargetFamily family(0);
  EXPECT_TRUE(family.includes(parse_event("process begin pid=50000020 ppid=50000002")->record));
  EXPECT_TRUE(
      family.includes(parse_event("process conclusion pid=50000021 ppid=50000002")->record));
}

}  // namespace
}  // namespace socktap::session
