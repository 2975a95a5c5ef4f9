#include "vm/output_buffer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace socktap::vm {
namespace {

template <typename Value>
std::string written(Value value) {
  std::string room(64, '.');
  char* const end = put(value, room.data());
  EXPECT_EQ(*end, '.') << "nothing is written behind the end";
  return {room.data(), end};
}

TEST(OutputBuffer, TextsOfAllSizes) {
  const std::string text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN";
  for (std::size_t size = 0; size <= text.size(); ++size)
    EXPECT_EQ(written(std::string_view(text).substr(0, size)), text.substr(0, size));
}

TEST(OutputBuffer, Numbers) {
  using Limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{9}, std::int64_t{10}, std::int64_t{-1}, std::int64_t{-10},
        std::int64_t{0xffff'ffff}, std::int64_t{0x1'0000'0000}, -std::int64_t{0xffff'ffff},
        Limits::max(), Limits::min()})
    EXPECT_EQ(written(number), std::to_string(number));
}

TEST(OutputBuffer, GrowsAndKeepsWhatIsThere) {
  OutputBuffer buffer;
  EXPECT_TRUE(buffer.empty());
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = "line " + std::to_string(i) + "\n";
    buffer.end_at(put(std::string_view(text), buffer.room(text.size())));
    all += text;
  }
  EXPECT_EQ(buffer.view(), all);
  buffer.clear();
  EXPECT_EQ(buffer.view(), "");
}

}  // namespace
}  // namespace socktap::vm
