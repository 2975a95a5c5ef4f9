#include "event/call_seen_test.h"

namespace socktap {
namespace {

std::string buffer(const std::string& bytes) {
  return Seen{"write", {1, 0x10, bytes.size()}, bytes}.value("buf_str");
}

std::string path(const std::string& bytes) { return Seen{"chdir", {0x10}, bytes}.value("path"); }

TEST(CallStrings, Buffers) {
  EXPECT_EQ(buffer("plain"), "\"plain\"");
  EXPECT_EQ(buffer(""), "\"\"");
  EXPECT_EQ(buffer(std::string("a\0b", 3)), "\"a\\000b\"");
  EXPECT_EQ(buffer("\x01\xff\t\\"), "\"\\001\\377\\t\\\\\"");
  EXPECT_EQ(buffer("caf\xc3\xa9"), "\"caf\\u00E9\"");
  EXPECT_EQ(buffer(std::string(48, 'x')), '"' + std::string(48, 'x') + '"');
  EXPECT_EQ(buffer(std::string(49, 'x')), '"' + std::string(45, 'x') + "\"...");
  EXPECT_EQ(buffer(std::string(44, 'x') + "\x01yyyyy"), '"' + std::string(44, 'x') + "\"...");
}

// SystemTap does not see that it has cut what goes on with a zero byte.
TEST(CallStrings, BufferCutAtAZeroByte) {
  EXPECT_EQ(buffer(std::string(48, 'x') + '\0' + "y"), '"' + std::string(48, 'x') + '"');
}

TEST(CallStrings, Paths) {
  EXPECT_EQ(path(text("/tmp")), "\"/tmp\"");
  EXPECT_EQ(path(text("/tmp") + "beyond"), "\"/tmp\"");
  EXPECT_EQ(path(text("")), "\"\"");
  EXPECT_EQ(path(std::string(256, 'x')), '"' + std::string(256, 'x') + "\"...");
}

TEST(CallStrings, MissingMemoryIsItsAddress) {
  EXPECT_EQ((Seen{"chdir", {0}}).value("path"), "0x0");
  EXPECT_EQ((Seen{"chdir", {0xdead}}).value("path"), "0xdead");
  EXPECT_EQ((Seen{"chdir", {0xdead}}).value("path_unquoted"), "");
  EXPECT_EQ((Seen{"write", {1, 0, 3}}).value("buf_str"), "0x0");
  EXPECT_EQ((Seen{"write", {1, 0, 3}, "abc"}).value("buf_str"), "0x0") << "NULL holds nothing";
}

TEST(CallStrings, ListsOfStrings) {
  const auto args = [](std::uint64_t address, std::optional<std::string> bytes) {
    return Seen{"execve", {0x10, address, 0}, std::move(bytes), text("f")}.value("args");
  };
  EXPECT_EQ(args(0x20, text("a") + text("") + text("b c")), "[\"a\", \"\", \"b c\"]");
  EXPECT_EQ(args(0x20, text("a") + "cut"), "[\"a\", \"cut\"...]");
  EXPECT_EQ(args(0x20, ""), "[]");
  EXPECT_EQ(args(0, {}), "[]");
  EXPECT_EQ(args(0x20, {}), "[0x20]");
}

TEST(CallStrings, ValuesOfExtendedAttributes) {
  const auto value = [](const std::string& bytes) {
    return Seen{"fsetxattr", {3, 0x10, 0x20, bytes.size()}, text("user.a"), bytes}.value(
        "value_str");
  };
  EXPECT_EQ(value("abc"), "\"abc\"");
  EXPECT_EQ(value(text("abc")), "\"abc\"");
  EXPECT_EQ(value(std::string("\0", 1)), "\"\\x00\"");
  EXPECT_EQ(value(std::string("\x1f\0", 2)), "\"\\x1f\\x00\"");
  EXPECT_EQ(value(std::string(60, 'x')), '"' + std::string(50, 'x') + '"');
  EXPECT_EQ(value(""), "0x20");
}

}  // namespace
}  // namespace socktap
