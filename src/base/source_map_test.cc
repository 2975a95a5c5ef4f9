#include "base/source_map.h"

#include <gtest/gtest.h>

namespace socktap {
namespace {

TEST(SourceMap, LocatesLinesAndColumnsFromOne) {
  SourceMap sources;
  const auto id = sources.add("a.stp", "one\ntwo\n\nfour");
  EXPECT_EQ(sources.describe({id, 0, 1}), "a.stp:1:1");
  EXPECT_EQ(sources.describe({id, 3, 4}), "a.stp:1:4");
  EXPECT_EQ(sources.describe({id, 4, 5}), "a.stp:2:1");
  EXPECT_EQ(sources.describe({id, 12, 13}), "a.stp:4:4");
  EXPECT_EQ(sources.line(id, 2), "two");
  EXPECT_EQ(sources.line(id, 3), "");
  EXPECT_EQ(sources.line(id, 4), "four");
}

TEST(SourceMap, ViewsOutliveGrowth) {
  SourceMap sources;
  const auto first = sources.add("first", "text");
  const std::string_view view = sources.text(first);
  for (int i = 0; i < 100; ++i) sources.add("more", std::string(100, 'x'));
  EXPECT_EQ(view, "text");
}

TEST(SourceMap, CoverStaysInOneText) {
  EXPECT_EQ(cover({0, 2, 4}, {0, 8, 9}), (Span{0, 2, 9}));
  EXPECT_EQ(cover({0, 2, 4}, {1, 0, 1}), (Span{0, 2, 4}));
}

}  // namespace
}  // namespace socktap
