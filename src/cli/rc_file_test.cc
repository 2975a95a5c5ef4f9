#include "cli/rc_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace socktap::cli {
namespace {

class RcFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "rc_file_test." + std::to_string(::getpid());
    std::filesystem::create_directories(folder_);
    ::setenv("SYSTEMTAP_DIR", folder_.c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("SYSTEMTAP_DIR");
    std::filesystem::remove_all(folder_);
  }
  void write(const std::string& text) const { std::ofstream(folder_ + "/rc") << text; }

  std::string folder_;
};

using Words = std::vector<std::string>;

TEST_F(RcFile, NoneIsNoWords) { EXPECT_EQ(read_rc_file().value(), Words()); }

TEST_F(RcFile, WordsOfAllLines) {
  ::setenv("RC_FILE_TEST", "a b", 1);
  write("-w -I 'my tapset'\n\n# not -v\n-D \"NAME=$RC_FILE_TEST\"\n");
  EXPECT_EQ(read_rc_file().value(), (Words{"-w", "-I", "my tapset", "-D", "NAME=a b"}));
}

TEST_F(RcFile, TheHomesWithoutSystemtapDir) {
  std::filesystem::create_directories(folder_ + "/.systemtap");
  std::ofstream(folder_ + "/.systemtap/rc") << "-v";
  ::unsetenv("SYSTEMTAP_DIR");
  const std::string home = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
  ::setenv("HOME", folder_.c_str(), 1);
  EXPECT_EQ(read_rc_file().value(), Words{"-v"});
  ::setenv("HOME", home.c_str(), 1);
}

TEST_F(RcFile, ALineThatIsNoListOfWords) {
  write("-w\n-e 'probe\n");
  EXPECT_EQ(read_rc_file().error().message,
            folder_ + "/rc, line 2: a quote or brace is not closed");
  write("$(reboot)\n");
  EXPECT_EQ(read_rc_file().error().message, folder_ + "/rc, line 1: commands are not run");
}

}  // namespace
}  // namespace socktap::cli
