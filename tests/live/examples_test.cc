// The examples that help shows work when they are pasted into a shell.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "command.h"

namespace socktap::test {
namespace {

using Words = std::vector<std::string>;

std::vector<std::string> help_of(Words words) {
  words.insert(words.begin(), SOCKTAP_BINARY);
  words.emplace_back("--help");
  return lines_of(run(words).output);
}

bool is_example(const std::string& line) {
  return line.starts_with("  ") && line.find("socktap ") != std::string::npos;
}

// Of `socktap --help`: "  run      run a script ...".
std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const std::string& line : help_of({}))
    if (line.starts_with("  ") && !line.starts_with("  socktap "))
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
  return names;
}

std::vector<std::string> examples_of(const Words& command) {
  std::vector<std::string> examples;
  bool is_below_heading = command.empty();
  for (const std::string& line : help_of(command)) {
    is_below_heading = is_below_heading || line.starts_with("Example");
    const bool is_command_row = command.empty() && !line.starts_with("  socktap ");
    if (is_below_heading && is_example(line) && !is_command_row) examples.push_back(line.substr(2));
  }
  return examples;
}

// What the shell can find: this program as `socktap`.
Outcome paste(const std::string& line) {
  const std::string folder = std::filesystem::path(SOCKTAP_BINARY).parent_path();
  return run({"sh", "-c", "PATH=" + folder + ":$PATH; " + line});
}

// There need not be a server where an example asks for one, so that its command may fail (status
// 1): that is no fault of socktap's, which says nothing then.
TEST(Examples, OfHelpWorkWhenPasted) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  std::vector<Words> commands{{}};
  for (const std::string& name : command_names()) commands.push_back({name});
  ASSERT_GT(commands.size(), 5u);
  for (const Words& command : commands) {
    const auto examples = examples_of(command);
    EXPECT_FALSE(examples.empty()) << (command.empty() ? "socktap" : command[0]) << " shows none";
    for (const std::string& example : examples) {
      const Outcome outcome = paste(example);
      EXPECT_TRUE(outcome.status == 0 || outcome.status == 1) << example << outcome.status;
      EXPECT_EQ(outcome.errors.find("ERROR"), std::string::npos) << example << outcome.errors;
      EXPECT_EQ(outcome.errors.find("not found"), std::string::npos) << example << outcome.errors;
    }
  }
}

}  // namespace
}  // namespace socktap::test
