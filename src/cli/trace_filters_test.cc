#include "cli/trace_filters.h"

#include <gtest/gtest.h>

namespace socktap::cli {
namespace {

std::string script_of(const TraceFilters& filters) {
  const auto script = trace_script(filters);
  EXPECT_TRUE(script) << script.error().message;
  return script.value_or("");
}

std::string mistake_in(const TraceFilters& filters) {
  const auto script = trace_script(filters);
  EXPECT_FALSE(script) << *script;
  return script ? "" : script.error().message + " (" + script.error().hint + ")";
}

TEST(TraceFilters, WithoutAnyEveryOperationIsShown) {
  EXPECT_EQ(script_of({}),
            "probe socket.sendmsg.return, socket.aio_write.return, socket.writev.return, "
            "socket.recvmsg.return, socket.aio_read.return, socket.readv.return {\n"
            "  print_event()\n}\n"
            "probe socket.create.return {\n  print_event()\n}\n"
            "probe socket.close {\n  print_event()\n}\n");
}

TEST(TraceFilters, AreConditionsOfWhichAnyValueWillDo) {
  EXPECT_EQ(script_of({.pids = {7, 8},
                       .users = {"0"},
                       .families = {"unix", "INET6"},
                       .types = {"stream"},
                       .protocols = {"tcp"},
                       .operations = {"writev"}}),
            "probe socket.writev.return {\n"
            "  if (!((pid() == 7 || pid() == 8))) next\n"
            "  if (!((uid() == 0))) next\n"
            "  if (!((family == 1 || family == 10))) next\n"
            "  if (!((type == 1))) next\n"
            "  if (!((protocol == 6))) next\n"
            "  print_event()\n}\n");
}

TEST(TraceFilters, OperationsThatCannotPassAreNotProbed) {
  const std::string failed =
      script_of({.operations = {"send", "create", "close"}, .errors = {{"econnreset"}}});
  EXPECT_NE(failed.find("  if (!(!success)) next\n  if (!((-size == 104))) next\n"),
            std::string::npos)
      << failed;
  EXPECT_NE(failed.find("  if (!((-err == 104))) next\n"), std::string::npos) << failed;
  EXPECT_EQ(failed.find("socket.close"), std::string::npos) << failed;
  const std::string large = script_of({.min_size = 1000});
  EXPECT_EQ(large.find("create"), std::string::npos) << large;
  EXPECT_NE(mistake_in({.operations = {"close"}, .min_size = 1}).find("leave nothing"),
            std::string::npos);
}

TEST(TraceFilters, NamesOfCommandsAreCutAsTheKernelCutsThem) {
  const std::string script =
      script_of({.commands = {"a-name-of-18-bytes", "ng*x?", "a\"b", "[!a]b*", "c[*"},
                 .operations = {"close"}});
  EXPECT_NE(script.find(R"(execname() == "a-name-of-18-by")"), std::string::npos) << script;
  EXPECT_NE(script.find(R"(execname() =~ "^ng.*x.$")"), std::string::npos) << script;
  EXPECT_NE(script.find(R"x(execname() =~ "^[^a]b.*$")x"), std::string::npos) << script;
  EXPECT_NE(script.find(R"x(execname() =~ "^c\\[.*$")x"), std::string::npos) << script;
  EXPECT_NE(script.find(R"(execname() == "a\"b")"), std::string::npos) << script;
}

TEST(TraceFilters, PatternsOfLongNamesAreCutToo) {
  const std::pair<const char*, const char*> cases[] = {
      {"averyverylongname*", R"("^averyverylongna$")"},
      {"averyverylongn[aeiou]me?", R"("^averyverylongn[aeiou]$")"},
      {"averyverylongn*", R"("^averyverylongn.*$")"},
      {"*verylongname1234", nullptr},
      {"a*b?cdefghijklmn[op]q", nullptr},
  };
  for (const auto& [pattern, expression] : cases) {
    const TraceFilters filters{.commands = {pattern}, .operations = {"close"}};
    if (expression == nullptr)
      EXPECT_NE(mistake_in(filters).find("no command has a name that"), std::string::npos)
          << pattern;
    else
      EXPECT_NE(script_of(filters).find(std::string("execname() =~ ") + expression),
                std::string::npos)
          << script_of(filters);
  }
}

TEST(TraceFilters, CgroupsAreIdsOrPatternsOfNames) {
  const std::string script =
      script_of({.operations = {"close"}, .cgroups = {"4711", "/system.slice/ssh*"}});
  EXPECT_NE(script.find(R"((cgroup == 4711 || cgroup_path(cgroup) =~ "^/system\\.slice/ssh.*$"))"),
            std::string::npos)
      << script;
  EXPECT_NE(mistake_in({.cgroups = {"ssh"}}).find("ssh is no cgroup"), std::string::npos);
  EXPECT_NE(mistake_in({.cgroups = {"/no/such/cgroup"}}).find("no cgroup"), std::string::npos);
}

TEST(TraceFilters, UnknownNamesAreRefusedWithTheNearest) {
  EXPECT_EQ(mistake_in({.families = {"inett"}}), "inett is no address family (did you mean INET?)");
  EXPECT_EQ(mistake_in({.protocols = {"tpc"}}), "tpc is no protocol (did you mean TCP?)");
  EXPECT_EQ(mistake_in({.errors = {{"EAGIAN"}}}), "EAGIAN is no errno (did you mean EAGAIN?)");
  EXPECT_NE(mistake_in({.operations = {"sned"}}).find("sned is no operation"), std::string::npos);
  EXPECT_NE(mistake_in({.users = {"no-such-user"}}).find("there is no user no-such-user"),
            std::string::npos);
}

}  // namespace
}  // namespace socktap::cli
