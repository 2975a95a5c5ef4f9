#include "plan/explanation.h"

#include <gtest/gtest.h>

#include "language/language.h"

namespace socktap::plan {
namespace {

std::string explained(std::string_view script) {
  SourceMap sources;
  const auto parsed = language::parse(sources, sources.add("t.stp", std::string(script)), {});
  EXPECT_TRUE(parsed.value) << script;
  const auto program = language::check(*parsed.value, {});
  EXPECT_TRUE(program.value) << script;
  return explanation(make_plan(*program.value, {.filters = true, .accumulates = true}), sources);
}

TEST(Explanation, SaysWhatIsKeptAndWhoFindsItMerged) {
  EXPECT_EQ(explained("global n, s\n"
                      "probe socket.send { n++; if (success) s[execname(), family] <<< size }\n"
                      "probe end { println(n); foreach ([e, f] in s) println(e, @sum(s[e, f])) }\n"
                      "probe begin { println(1) }\n"),
            "socket.send (t.stp:2:1)\n"
            "  runs in the kernel, the whole of it; its events are not sent\n"
            "  keeps there the sum of n\n"
            "  keeps there the statistic of s by [execname(), family]\n"
            "end (t.stp:3:1)\n"
            "  runs in user space, when what the kernel keeps has been added to the globals\n"
            "begin (t.stp:4:1)\n"
            "  runs in user space\n");
}

TEST(Explanation, SaysWhatIsTestedAndSentAndWhyTheRestStays) {
  EXPECT_EQ(
      explained("probe socket.close, socket.create {\n"
                "  if (family != 2 || execname() == \"a\") next\n"
                "  println(name, protocol)\n"
                "}\n"
                "probe netdev.receive { println(1) }\n"),
      "socket.close, socket.create (t.stp:1:1)\n"
      "  tested in the kernel: !(family != 2) and !(execname() == \"a\"); other events are not "
      "sent\n"
      "  sent: comm, protocol, family\n"
      "  runs in user space, from these conditions on\n"
      "  why: it prints (t.stp:3:3)\n"
      "netdev.receive (t.stp:5:1)\n"
      "  sent: that it happened, and when\n"
      "  runs in user space\n"
      "  why: only what happens to sockets is handled in the kernel (t.stp:5:1)\n");
}

}  // namespace
}  // namespace socktap::plan
