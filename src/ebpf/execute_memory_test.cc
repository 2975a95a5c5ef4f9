// Loads and stores of each size, byte order, atomic additions, helpers on maps.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <utility>

#include "ebpf/execution_test.h"

namespace socktap::ebpf {
namespace {

using enum Register;
using U = std::uint64_t;

using kernel::Cells;

constexpr Size sizes[] = {Size::u8, Size::u16, Size::u32, Size::u64};
constexpr std::int32_t widths[] = {1, 2, 4, 8};

TEST_F(Execute, LoadsOfEachSize) {
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    for (std::int32_t offset = 0; offset < 8; offset += widths[i]) {
      ASSERT_NO_FATAL_FAILURE(load([&](Builder& builder) {
        builder.emit(LoadMapValue{r7, 0, third_cell});
        builder.emit(Load{sizes[i], r3, r7, first_cell - third_cell + offset});
        builder.emit(Store{Size::u64, r7, 0, r3});
      }));
      for (const U a : edges) {
        unsigned char bytes[8], wanted[8] = {};
        std::memcpy(bytes, &a, sizeof a);
        const bool big = std::endian::native == std::endian::big;
        std::memcpy(wanted + (big ? 8 - widths[i] : 0), bytes + offset, widths[i]);
        U expected = 0;
        std::memcpy(&expected, wanted, sizeof expected);
        expect(a, 0, expected);
      }
    }
  }
}

// `value` with its low bytes in the place that a store of that size writes.
U after_store(U before, U value, std::int32_t offset, std::int32_t width) {
  unsigned char bytes[8], written[8];
  std::memcpy(bytes, &before, sizeof before);
  std::memcpy(written, &value, sizeof value);
  const bool big = std::endian::native == std::endian::big;
  std::memcpy(bytes + offset, written + (big ? 8 - width : 0), width);
  std::memcpy(&before, bytes, sizeof before);
  return before;
}

TEST_F(Execute, StoresOfEachSize) {
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    for (std::int32_t offset = 0; offset < 8; offset += widths[i]) {
      ASSERT_NO_FATAL_FAILURE(load([&](Builder& builder) {
        builder.emit(Store{sizes[i], r6, third_cell + offset, r1});
      }));
      for (const U a : edges) expect(a, 0, after_store(untouched, a, offset, widths[i]));
      for (const std::int64_t immediate : immediates) {
        ASSERT_NO_FATAL_FAILURE(load([&](Builder& builder) {
          builder.emit(Store{sizes[i], r6, third_cell + offset, immediate});
        }));
        expect(0, 0, after_store(untouched, static_cast<U>(immediate), offset, widths[i]));
      }
    }
  }
}

TEST_F(Execute, BytesAreSwapped) {
  for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
    const bool swaps = (order == ByteOrder::big) == (std::endian::native == std::endian::little);
    for (const Size size : {Size::u16, Size::u32, Size::u64}) {
      ASSERT_NO_FATAL_FAILURE(load([&](Builder& builder) {
        builder.emit(SwapBytes{order, size, r1});
        builder.emit(Store{Size::u64, r6, third_cell, r1});
      }));
      const int unused = size == Size::u16 ? 48 : size == Size::u32 ? 32 : 0;
      for (const U a : edges) {
        const U low = a << unused >> unused;
        expect(a, 0, swaps ? __builtin_bswap64(low) >> unused : low);
      }
    }
  }
}

TEST_F(Execute, AtomicAdditions) {
  for (const Size size : {Size::u32, Size::u64}) {
    ASSERT_NO_FATAL_FAILURE(load([&](Builder& builder) {
      builder.emit(Store{Size::u64, r6, third_cell, r1});
      builder.emit(AtomicAdd{size, r6, third_cell, r2});
    }));
    for (const U a : edges) {
      for (const U b : edges) {
        std::uint32_t low = 0;
        std::memcpy(&low, &a, sizeof low);
        expect(a, b, size == Size::u64 ? a + b : after_store(a, low + b, 0, sizeof low));
      }
    }
  }
}

TEST_F(Execute, LoopsAndTheStack) {
  ASSERT_NO_FATAL_FAILURE(load([](Builder& builder) {
    const Label again = builder.new_label();
    builder.emit(Store{Size::u64, r10, -8, 0});
    builder.emit(Move{r3, 0});
    builder.bind(again);
    builder.emit(Load{Size::u64, r4, r10, -8});
    builder.emit(Alu{AluOperator::add, r4, r1});
    builder.emit(Store{Size::u64, r10, -8, r4});
    builder.emit(Alu{AluOperator::add, r3, 1});
    builder.emit(JumpIf{Condition::less, r3, 10, again});
    builder.emit(Store{Size::u64, r6, third_cell, r4});
  }));
  for (const U a : edges) expect(a, 0, a * 10);
}

// Looks up the key that is in the first cell, adds to its value and puts the sum into the third.
void add_to_element(Builder& builder) {
  const Label missing = builder.new_label();
  builder.emit(Store{Size::u32, r10, -4, r1});
  builder.emit(Move{r7, r2});
  builder.emit(LoadMap{r1, 1});
  builder.emit(Move{r2, r10});
  builder.emit(Alu{AluOperator::add, r2, -4});
  builder.emit(CallHelper{Helper::map_lookup_elem});
  builder.emit(JumpIf{Condition::equal, r0, 0, missing});
  builder.emit(AtomicAdd{Size::u64, r0, 8, r7});
  builder.emit(Load{Size::u64, r1, r0, 8});
  builder.emit(Store{Size::u64, r6, third_cell, r1});
  builder.bind(missing);
}

TEST_F(Execute, HelpersFindMapsByDescriptor) {
  auto hash = kernel::new_map(BPF_MAP_TYPE_HASH, sizeof(Cells), 4);
  ASSERT_TRUE(hash) << hash.error().message;
  other_ = std::move(*hash);
  const Cells element = {1, 1000};
  ASSERT_TRUE(kernel::write(other_, 7, element.data()));
  ASSERT_NO_FATAL_FAILURE(load(add_to_element));
  expect(7, 5, 1005);
  expect(7, 10, 1015);
  expect(8, 10, untouched);
  EXPECT_EQ(kernel::read(other_, 7)->at(1), 1015u);
}

TEST_F(Execute, TailCalls) {
  auto programs = kernel::new_map(BPF_MAP_TYPE_PROG_ARRAY, sizeof(int), 2);
  ASSERT_TRUE(programs) << programs.error().message;
  other_ = std::move(*programs);
  ASSERT_NO_FATAL_FAILURE(load([](Builder& builder) {
    builder.emit(Alu{AluOperator::add, r1, r2});
    builder.emit(Store{Size::u64, r6, third_cell, r1});
  }));
  const UniqueFd called = std::move(program_);
  const int descriptor = called.get();
  ASSERT_TRUE(kernel::write(other_, 1, &descriptor));
  Builder builder;
  builder.emit(LoadMapValue{r6, 0, 0});
  builder.emit(Load{Size::u64, r3, r6, first_cell});
  builder.emit(LoadMap{r2, 1});
  builder.emit(CallHelper{Helper::tail_call});
  builder.emit(Store{Size::u64, r6, third_cell, 99});
  builder.emit(Move{r0, 0});
  builder.emit(Exit{});
  const int maps[] = {cells_.get(), other_.get()};
  auto caller = kernel::load(builder.finish(), maps);
  ASSERT_TRUE(caller) << caller.error().message;
  program_ = std::move(*caller);
  expect(1, 41, 42);
  expect(0, 41, 99);  // no program there: the call falls through
}

}  // namespace
}  // namespace socktap::ebpf
