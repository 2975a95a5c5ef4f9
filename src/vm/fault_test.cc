#include "vm/fault.h"

#include <gtest/gtest.h>

namespace socktap::vm {
namespace {

TEST(Fault, NamesTheWordItIsAbout) {
  SourceMap sources;
  const std::string text = "global a\nprobe begin { a[ x / 2 ] = (y) /* a / b */ / z }\n";
  const auto source = sources.add("t.stp", text);
  const auto at = [&](const char* from, const char* to) {
    return Span{source, static_cast<std::uint32_t>(text.find(from)),
                static_cast<std::uint32_t>(text.find(to))};
  };
  using Kind = FaultSite::Kind;
  const FaultSite division{0, Kind::operation, "/", at("(y)", "z }")};
  EXPECT_EQ(describe_fault("division by 0", &division, sources),
            "division by 0 near operator '/' at t.stp:2:44");
  const FaultSite array{0, Kind::identifier, "a", at("a[", "z }")};
  EXPECT_EQ(describe_fault("full", &array, sources), "full near identifier 'a' at t.stp:2:15");
  const FaultSite statement{0, Kind::statement, "", at("probe", "z }")};
  EXPECT_EQ(describe_fault("late", &statement, sources), "late near keyword at t.stp:2:1");
  EXPECT_EQ(describe_fault("plain", nullptr, sources), "plain");
}

}  // namespace
}  // namespace socktap::vm
