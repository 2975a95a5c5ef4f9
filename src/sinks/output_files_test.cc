#include "sinks/output_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace socktap::sinks {
namespace {

class OutputFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "output_files_test." + std::to_string(::getpid());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/out"; }

  // "out.0: text, out.1: text": what the folder holds.
  std::string contents() const {
    std::vector<std::string> lines;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      std::ifstream file(entry.path());
      lines.push_back(entry.path().filename().string() + ": " +
                      std::string(std::istreambuf_iterator<char>(file), {}));
    }
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : ", ") + line;
    return text;
  }

  static void print(OutputFiles& files, std::string_view text) {
    EXPECT_TRUE(files.write({RecordKind::output, text}));
  }

  std::string folder_;
};

TEST_F(OutputFilesTest, OneFileIsEmptiedWhenAsked) {
  std::ofstream(path()) << "of the last run";
  auto files = OutputFiles::open(path(), {}, STDERR_FILENO);
  ASSERT_TRUE(files);
  EXPECT_EQ(contents(), "out: of the last run");
  files->empty();
  print(*files, "new");
  EXPECT_TRUE(files->flush());
  EXPECT_EQ(contents(), "out: new");
}

TEST_F(OutputFilesTest, TheScriptGoesOnToTheNext) {
  auto files = OutputFiles::open(path(), {}, STDERR_FILENO);
  ASSERT_TRUE(files);
  print(*files, "a");
  EXPECT_TRUE(files->write({RecordKind::next_file, {}}));
  EXPECT_TRUE(files->write({RecordKind::next_file, {}}));
  print(*files, "b");
  EXPECT_TRUE(files->flush());
  EXPECT_EQ(contents(), "out.1: , out.2: b, out: a");
}

TEST_F(OutputFilesTest, EachFileThatFollowsAFullOneHasTheHeading) {
  auto files = OutputFiles::open(path(), {.size = 10, .count = {}}, STDERR_FILENO);
  ASSERT_TRUE(files);
  files->begin_files_with([] { return std::string("head:"); });
  for (const char* text : {"head:12345", "67890", "ab", "cd"}) print(*files, text);
  EXPECT_TRUE(files->flush());
  EXPECT_EQ(contents(), "out.0: head:12345, out.1: head:67890, out.2: head:abcd");
}

TEST_F(OutputFilesTest, WhatIsPrintedAtOnceStaysTogether) {
  auto files = OutputFiles::open(path(), {.size = 10, .count = {}}, STDERR_FILENO);
  ASSERT_TRUE(files);
  for (const char* text : {"123456", "7890", "ab", "a text that is longer than a file", "c"})
    print(*files, text);
  EXPECT_TRUE(files->flush());
  EXPECT_EQ(contents(),
            "out.0: 1234567890, out.1: ab, out.2: a text that is longer than a file, out.3: c");
}

TEST_F(OutputFilesTest, TheOldestGiveWay) {
  auto files = OutputFiles::open(path(), {.size = 1, .count = 2}, STDERR_FILENO);
  ASSERT_TRUE(files);
  for (const char* text : {"a", "b", "c", "d"}) print(*files, text);
  EXPECT_TRUE(files->flush());
  EXPECT_EQ(contents(), "out.2: c, out.3: d");
}

TEST_F(OutputFilesTest, AFileThatCannotBeWrittenIsNamed) {
  const auto files = OutputFiles::open(folder_ + "/missing/out", {}, STDERR_FILENO);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().message,
            "cannot write " + folder_ + "/missing/out: No such file or directory");
}

}  // namespace
}  // namespace socktap::sinks
