#include "session/source_choice.h"

#include <gtest/gtest.h>

namespace socktap::session {
namespace {

TEST(SourceChoice, NamesOfTheTablesAreTaken) {
  const auto plain = ebpf_options({});
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->backend);
  const auto chosen = ebpf_options(
      {.backend = "kprobe", .disabled_strategies = {"typed-tracepoints", "closing-calls"}});
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->backend, sources::ebpf::Backend::kprobe);
  EXPECT_EQ(chosen->disabled_strategies.size(), 2u);
}

TEST(SourceChoice, OthersAreRefusedWithTheNearest) {
  const auto slip = ebpf_options({.disabled_strategies = {"typed-tracepoints", "call-entry"}});
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().message, "--disable-strategy call-entry: there is no such strategy");
  EXPECT_EQ(slip.error().hint, "did you mean call-entries?");
  const auto guess = ebpf_options({.disabled_strategies = {"everything"}});
  ASSERT_FALSE(guess);
  EXPECT_NE(guess.error().hint.find("typed-tracepoints, raw-tracepoints"), std::string::npos)
      << guess.error().hint;
  const auto backend = ebpf_options({.backend = "kprobes"});
  ASSERT_FALSE(backend);
  EXPECT_EQ(backend.error().message, "--backend kprobes: there is no such backend");
  EXPECT_EQ(backend.error().hint, "did you mean kprobe?");
}

}  // namespace
}  // namespace socktap::session
