#include "ebpf/script_compiler.h"

#include <gtest/gtest.h>

#include "ebpf/disassemble.h"
#include "language/language.h"

namespace socktap::ebpf {
namespace {

std::string filter_of(const std::string& script) {
  SourceMap sources;
  const auto parsed = language::parse(sources, sources.add("t.stp", script), {});
  const auto program = language::check(*parsed.value, {});
  const auto filter =
      compile_script(plan::make_plan(*program.value, {.filters = true}), {.target = 77});
  return filter ? disassemble(*filter) : "every event is wanted\n";
}

TEST(ScriptCompiler, TestsTheKindAndThenTheConditions) {
  EXPECT_EQ(filter_of("probe socket.sendmsg.return { if (size > 100) println(1) }"),
            R"(   0: r6 = r1
   1: r2 = *(u8 *)(r6 + 46)            ; send
   2: if r2 != 0 goto L3
   3: r2 = *(u8 *)(r6 + 47)            ; conclusion
   4: if r2 != 1 goto L3
   5: r2 = *(u64 *)(r6 + 72)           ; socket.sendmsg.return
   6: if r2 s<= 100 goto L4
   7: goto L0
L4:
   8: goto L1
L3:
L0:
   9: r0 = 1
  10: goto L2
L1:
  11: r0 = 0
L2:
  12: r0 = r0
)");
}

TEST(ScriptCompiler, ComparesTextsUpToTheirEnd) {
  const std::string text =
      filter_of("probe socket.close { if (execname() != \"nginx\") next; println(1) }");
  EXPECT_NE(text.find(R"(   5: r2 = *(u64 *)(r6 + 48)           ; socket.close
   6: r3 = 0xffffffffffff ll
   8: r2 &= r3
   9: r3 = 0x786e69676e ll
  11: if r2 != r3 goto L4
)"),
            std::string::npos)
      << text;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
  return count;
}

TEST(ScriptCompiler, TellsPathsApartOnlyWhereTheyFireDifferently) {
  const std::string alike = filter_of("probe socket.send { if (size > 1) println(1) }");
  EXPECT_EQ(occurrences(alike, "; sendmsg"), 0u) << alike;
  EXPECT_EQ(occurrences(alike, "; send\n"), 1u) << alike;
  const std::string different = filter_of(
      "probe socket.send { if (size > 1) println(1) } "
      "probe socket.writev.return { if (size > 2) println(2) }");
  EXPECT_EQ(occurrences(different, "; sendmsg\n"), 1u) << different;
  EXPECT_EQ(occurrences(different, "; writev\n"), 1u) << different;
}

TEST(ScriptCompiler, ATransportIsACondition) {
  const std::string text = filter_of("probe udp.sendmsg { println(1) }");
  EXPECT_EQ(occurrences(text, "!= 17 goto"), 1u) << text;
}

TEST(ScriptCompiler, TheTargetIsANumber) {
  const std::string text =
      filter_of("probe socket.send { if (pid() != target()) next; println(1) }");
  EXPECT_EQ(occurrences(text, "r3 = 77\n"), 1u) << text;
}

TEST(ScriptCompiler, WithoutConditionsThereIsNothingToTest) {
  EXPECT_EQ(filter_of("probe socket.send { println(size) }"), "every event is wanted\n");
  EXPECT_EQ(filter_of("probe begin { println(1) }"), "every event is wanted\n");
  EXPECT_EQ(
      filter_of("probe socket.send { if (size) println(1) } probe socket.send { println(2) }"),
      "every event is wanted\n");
}

}  // namespace
}  // namespace socktap::ebpf
