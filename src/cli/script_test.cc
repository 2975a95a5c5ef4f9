#include "cli/script.h"

#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <filesystem>
#include <fstream>

#include "cli/point_list.h"
#include "language/language.h"
#include "tapset/catalogue.h"

namespace socktap::cli {
namespace {

std::string names(const std::vector<ListedPoint>& points) {
  std::string text;
  for (const ListedPoint& point : points) text += point.name + " ";
  return text;
}

// What was said is in `errors`.
std::optional<language::TypedProgram> compiled(const ScriptOptions& options, std::string& errors,
                                               bool quiet = false) {
  testing::internal::CaptureStderr();
  auto script = read_script(options);
  auto program = compile_script(**script, options, quiet);
  errors = testing::internal::GetCapturedStderr();
  return program;
}

constexpr const char* with_warning = "probe socket.send { print(requester) }";

TEST(Script, AdditionalTextsAreWholeScripts) {
  ScriptOptions options;
  options.text = "probe begin { println(twice($1)) }";
  options.additional_texts = {"@define two %( 2 %) function twice(n) { return n * @two }",
                              "probe end { println(@1) }"};
  options.words = {"21"};
  std::string errors;
  const auto program = compiled(options, errors);
  ASSERT_TRUE(program) << errors;
  EXPECT_EQ(program->handlers.size(), 2u);

  options.additional_texts.push_back("probe {");
  EXPECT_FALSE(compiled(options, errors));
  EXPECT_NE(errors.find("--> <input3>:1:"), std::string::npos) << errors;
}

TEST(Script, TapsetsOfTheCommandLine) {
  const std::string folder = testing::TempDir() + "script_test." + std::to_string(::getpid());
  std::filesystem::create_directories(folder + "/x.stp");
  std::filesystem::create_directories(folder + "/other");
  utsname kernel{};
  ::uname(&kernel);
  const std::string here = folder + "/" + kernel.machine;
  std::filesystem::create_directories(here);
  std::ofstream(folder + "/a.stp") << "function twice(n) { return 2 * n }";
  std::ofstream(here + "/b.stp") << "function four() { return twice(@two) }";
  std::ofstream(folder + "/b.stp") << "function four() { return wrong() }";
  std::ofstream(folder + "/other/a.stp") << "function twice(n) { return wrong() }";
  std::ofstream(folder + "/two.stpm") << "@define two %( 2 %)";
  std::ofstream(folder + "/README") << "probe {";
  ScriptOptions options;
  options.text = "probe begin { println(four()) }";
  std::string errors;
  EXPECT_FALSE(compiled(options, errors));
  options.tapset_folders = {folder};
  const auto program = compiled(options, errors);
  ASSERT_TRUE(program) << errors;
  EXPECT_EQ(program->functions.size(), 2u);
  EXPECT_EQ(errors, "");
  std::filesystem::remove_all(folder);
  const auto without = read_script(options);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().message,
            "cannot read the tapset " + folder + ": No such file or directory");
}

TEST(Script, ConditionsAskForWhatTheCommandLineSays) {
  ScriptOptions options;
  options.text =
      "probe begin { println(%( systemtap_v < \"2.0\" && guru_mode == 1 %? 1 %: x() %)) }";
  std::string errors;
  EXPECT_FALSE(compiled(options, errors));
  options.systemtap_version = "1.8";
  EXPECT_FALSE(compiled(options, errors));
  options.guru = true;
  EXPECT_TRUE(compiled(options, errors)) << errors;
}

TEST(Script, WarningsAsErrors) {
  ScriptOptions options;
  options.text = with_warning;
  std::string errors;
  EXPECT_TRUE(compiled(options, errors));
  EXPECT_NE(errors, "");
  options.warnings_are_errors = true;
  EXPECT_FALSE(compiled(options, errors));
  EXPECT_NE(errors.find("ERROR: warnings are errors with -W\n"), std::string::npos) << errors;
  EXPECT_TRUE(compiled(options, errors, /*quiet=*/true)) << "-w wins, as in SystemTap";
  EXPECT_EQ(errors, "");
}

TEST(Script, GlobalsThatAreNotPrinted) {
  ScriptOptions options;
  options.text = "global n probe begin { n = 1 }";
  std::string errors;
  EXPECT_TRUE(compiled(options, errors)->globals[0].is_shown_at_end);
  options.hide_globals = true;
  EXPECT_FALSE(compiled(options, errors)->globals[0].is_shown_at_end);
}

TEST(Script, PointsOfAPattern) {
  const std::pair<const char*, const char*> cases[] = {
      {"socket.re*", "socket.read_iter socket.readv socket.receive socket.recvmsg "},
      {"socket.{send,receive}", "socket.receive socket.send "},
      {"socket.close**", "socket.close socket.close.return "},
      {"begin, end", "begin end "},
      {"timer.s(2), timer.s(1), timer.s(2)", "timer.s(1) timer.s(2) "},
      {"nothing, never", "never "},
      {"*", "begin end error never oneshot syscall_any "},
      {"socket.send.return", ""},
      {"syscall.rea*",
       "syscall.read syscall.readahead syscall.readdir syscall.readlink "
       "syscall.readlinkat syscall.readv "},
      {"nd_syscall.exit**", "nd_syscall.exit nd_syscall.exit_group "},
      {"nothing*", ""},
  };
  for (const auto& [pattern, expected] : cases) {
    EXPECT_EQ(names(points_that_match(pattern, {})), expected) << pattern;
  }
  ScriptOptions with_alias;
  with_alias.additional_texts = {"probe web.start = begin { } probe end { }"};
  EXPECT_EQ(names(points_that_match("web.*", with_alias)), "web.start ");
  with_alias.additional_texts = {
      "probe web.out = socket.sendmsg { peer = \"it\" size = 2 * size bytes = size }"};
  EXPECT_EQ(
      signature(points_that_match("web.*", with_alias).front()),
      tapset::signature(*tapset::find_probe_point("socket.sendmsg")) + " peer:string bytes:long");
}

}  // namespace
}  // namespace socktap::cli
