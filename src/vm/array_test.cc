#include "vm/array.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "vm/array_order.h"
#include "vm/iteration.h"

namespace socktap::vm {
namespace {

language::Global declaration(std::vector<Type> keys, Type value, bool wraps = false) {
  language::Global global;
  global.name = "a";
  global.keys = std::move(keys);
  global.type = value;
  global.wraps = wraps;
  return global;
}

constexpr std::uint64_t secret = 0x0123'4567'89ab'cdef;

Argument number(std::int64_t value) { return {value, {}}; }
Argument text(std::string_view value) { return {0, value}; }

std::string keys_of(const Array& array) {
  std::string all;
  for (auto entry = array.first(); entry != Array::none; entry = array.next(entry)) {
    all += std::to_string(array.key_number(entry, 0)) + " ";
  }
  return all;
}

TEST(Array, TuplesOfNumbersAndTexts) {
  Array array(declaration({Type::string, Type::number, Type::string}, Type::number), 10, secret);
  const auto set = [&](std::string_view a, std::int64_t b, std::string_view c, std::int64_t value) {
    const Argument key[] = {text(a), number(b), text(c)};
    array.number(array.find_or_insert(key)) = value;
  };
  set("x", 1, "y", 10);
  set("x", 1, "z", 20);
  set("", 1, "xy", 30);
  set("x", 1, "y", 11);
  EXPECT_EQ(array.size(), 3U);
  const Argument present[] = {text("x"), number(1), text("y")};
  const Argument absent[] = {text("xy"), number(1), text("")};
  ASSERT_NE(array.find(present), Array::none);
  EXPECT_EQ(array.number(array.find(present)), 11);
  EXPECT_EQ(array.find(absent), Array::none);
  EXPECT_EQ(array.key_text(array.first(), 2), "y");
}

// Any sequence of insertions and erasures leaves what a map of the standard library would have,
// whatever the secret: 0 and the very words of the keys too.
class ArrayOfSecret : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ArrayOfSecret, AgreesWithAMap) {
  Array array(declaration({Type::number}, Type::number), 100'000, GetParam());
  std::map<std::int64_t, std::int64_t> expected;
  std::mt19937 random(7);
  for (int step = 0; step < 50'000; ++step) {
    const Argument key[] = {number(static_cast<std::int64_t>(random() % 700 * 4096))};
    if (random() % 3 != 0) {
      array.number(array.find_or_insert(key)) = step;
      expected[key[0].number] = step;
    } else if (const auto entry = array.find(key); entry != Array::none) {
      array.erase(entry);
      expected.erase(key[0].number);
    }
  }
  std::map<std::int64_t, std::int64_t> contents;
  for (auto entry = array.first(); entry != Array::none; entry = array.next(entry)) {
    contents[array.key_number(entry, 0)] = array.number(entry);
  }
  EXPECT_EQ(contents, expected);
  EXPECT_EQ(array.size(), expected.size());
}

INSTANTIATE_TEST_SUITE_P(Secrets, ArrayOfSecret, testing::Values(secret, 0, 4096, UINT64_MAX));

// Whether it clears the index or erases its few entries from it, nothing is left.
TEST(Array, ClearsWhatThereIs) {
  Array array(declaration({Type::number}, Type::number), 100'000, secret);
  for (const std::int64_t count : {1000, 3, 0, 1, 500}) {
    for (std::int64_t key = 0; key < count; ++key) {
      const Argument tuple[] = {number(key * 31)};
      array.number(array.find_or_insert(tuple)) = key;
    }
    EXPECT_EQ(array.size(), static_cast<std::size_t>(count));
    array.clear();
    EXPECT_EQ(array.size(), 0U);
    EXPECT_EQ(array.first(), Array::none);
    for (std::int64_t key = 0; key < 1000; ++key) {
      const Argument tuple[] = {number(key * 31)};
      EXPECT_EQ(array.find(tuple), Array::none) << key << " of " << count;
    }
  }
}

TEST(Array, KeepsTheOrderOfInsertion) {
  Array array(declaration({Type::number}, Type::number), 10, secret);
  for (const std::int64_t key : {5, 3, 9, 1}) {
    const Argument tuple[] = {number(key)};
    array.find_or_insert(tuple);
  }
  const Argument three[] = {number(3)};
  array.erase(array.find(three));
  array.find_or_insert(three);
  EXPECT_EQ(keys_of(array), "5 9 1 3 ");
}

TEST(Array, FullHasNoRoomUnlessItWraps) {
  for (const bool wraps : {false, true}) {
    Array array(declaration({Type::number}, Type::number, wraps), 2, secret);
    for (std::int64_t key = 1; key <= 2; ++key) {
      const Argument tuple[] = {number(key)};
      ASSERT_NE(array.find_or_insert(tuple), Array::none);
    }
    const Argument third[] = {number(3)};
    EXPECT_EQ(array.find_or_insert(third) != Array::none, wraps);
    EXPECT_EQ(keys_of(array), wraps ? "2 3 " : "1 2 ");
  }
}

TEST(Array, SortsInPlaceAndStably) {
  Array array(declaration({Type::number}, Type::number), 10, secret);
  const std::pair<std::int64_t, std::int64_t> entries[] = {{4, 1}, {1, 2}, {3, 1}, {2, 2}};
  for (const auto& [key, value] : entries) {
    const Argument tuple[] = {number(key)};
    array.number(array.find_or_insert(tuple)) = value;
  }
  sort(array, {ArrayOrder::By::value, 0, {}, false});
  EXPECT_EQ(keys_of(array), "4 3 1 2 ");
  sort(array, {ArrayOrder::By::value, 0, {}, true});
  EXPECT_EQ(keys_of(array), "1 2 4 3 ");
  sort(array, {ArrayOrder::By::key, 0, {}, false});
  EXPECT_EQ(keys_of(array), "1 2 3 4 ");
}

TEST(Iteration, GoesOnBehindItsEntryWhenTheArrayIsSorted) {
  Array array(declaration({Type::number}, Type::number), 10, secret);
  for (const std::int64_t key : {2, 3, 1}) {
    const Argument tuple[] = {number(key)};
    array.find_or_insert(tuple);
  }
  Iteration iteration;
  EXPECT_EQ(iteration.begin(array, ForeachSite{}, {}, 10), 3U);
  EXPECT_EQ(array.key_number(iteration.next(array), 0), 2);
  sort(array, {ArrayOrder::By::key, 0, {}, false});
  EXPECT_EQ(array.key_number(iteration.next(array), 0), 3);
  EXPECT_EQ(iteration.next(array), Array::none);
}

TEST(Iteration, LooksAtNoMoreThanTheLimitNeeds) {
  Array array(declaration({Type::number}, Type::number), 10, secret);
  for (std::int64_t key = 0; key < 5; ++key) {
    const Argument tuple[] = {number(key)};
    array.find_or_insert(tuple);
  }
  Iteration iteration;
  EXPECT_EQ(iteration.begin(array, ForeachSite{}, {}, 2), 2U);
  EXPECT_EQ(iteration.begin(array, ForeachSite{}, {}, -1), 0U);
  const std::optional<Argument> last[] = {number(4)};
  EXPECT_EQ(iteration.begin(array, ForeachSite{}, last, 10), 5U);
  EXPECT_EQ(array.key_number(iteration.next(array), 0), 4);
  EXPECT_EQ(iteration.next(array), Array::none);
}

}  // namespace
}  // namespace socktap::vm
