// Runs marshalled programs in the kernel and compares with what C++ computes. Operands come from a
// map, so that neither the verifier nor the JIT knows them beforehand.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "ebpf/disassemble.h"
#include "ebpf/kernel_test.h"

namespace socktap::ebpf {

inline constexpr std::int64_t int32_min = std::numeric_limits<std::int32_t>::min();
inline constexpr std::int64_t int32_max = std::numeric_limits<std::int32_t>::max();
inline constexpr std::uint64_t edges[] = {0,
                                          1,
                                          2,
                                          7,
                                          31,
                                          63,
                                          64,
                                          0x7fff'ffff,
                                          0x8000'0000,
                                          0xffff'ffff,
                                          0x1'0000'0000,
                                          0x0123'4567'89ab'cdef,
                                          0x7fff'ffff'ffff'ffff,
                                          0x8000'0000'0000'0000,
                                          0xffff'ffff'8000'0000,
                                          0xffff'ffff'ffff'ffff};
inline constexpr std::int64_t immediates[] = {0, 1, 3, 31, 32, 63, -1, -7, int32_min, int32_max};

// The cells, as programs see them: r6 points at the first.
inline constexpr std::int32_t first_cell = 0, second_cell = 8, third_cell = 16;

// What is in the third cell before a program runs.
inline constexpr std::uint64_t untouched = 0x5555'5555'5555'5555;

class Execute : public testing::Test {
 protected:
  void SetUp() override {
    if (auto refused = refusal()) GTEST_SKIP() << "bpf(2) is refused here: " << *refused;
    auto cells = kernel::new_map(BPF_MAP_TYPE_ARRAY, sizeof(kernel::Cells), 1);
    ASSERT_TRUE(cells) << cells.error().message;
    cells_ = std::move(*cells);
  }

  // Why neither maps nor programs may be made, where that is so.
  static std::optional<std::string> refusal() {
    using enum Register;
    Builder builder;
    builder.emit(Move{r0, 0});
    builder.emit(Exit{});
    const auto map = kernel::new_map(BPF_MAP_TYPE_ARRAY, sizeof(kernel::Cells), 1);
    if (!map && map.error().code == EPERM) return map.error().message;
    const auto program = kernel::load(builder.finish(), {});
    if (!program && program.error().code == EPERM) return program.error().message;
    return std::nullopt;
  }

  // Loads a program whose r6 points at the cells, r1 and r2 holding the first two.
  void load(const std::function<void(Builder&)>& body) {
    using enum Register;
    Builder builder;
    builder.emit(LoadMapValue{r6, 0, 0});
    builder.emit(Load{Size::u64, r1, r6, first_cell});
    builder.emit(Load{Size::u64, r2, r6, second_cell});
    body(builder);
    builder.emit(Move{r0, 0});
    builder.emit(Exit{});
    Program program = builder.finish();
    text_ = disassemble(program);
    const int maps[] = {cells_.get(), other_.get()};
    auto loaded = kernel::load(program, maps);
    ASSERT_TRUE(loaded) << loaded.error().message;
    program_ = std::move(*loaded);
  }

  // What the cells are after the program has run on them.
  kernel::Cells run(const kernel::Cells& before) {
    ++runs_;
    EXPECT_TRUE(kernel::write(cells_, 0, before.data()));
    const auto returned = kernel::run(program_);
    EXPECT_TRUE(returned) << (returned ? "" : returned.error().message);
    return kernel::read(cells_, 0).value_or(kernel::Cells{});
  }

  // Runs what was loaded on a and b, and expects this in the third cell.
  void expect(std::uint64_t a, std::uint64_t b, std::uint64_t expected) {
    EXPECT_EQ(run({a, b, untouched})[2], expected) << std::hex << "of " << a << " and " << b << "\n"
                                                   << text_;
  }

  void TearDown() override { RecordProperty("runs", runs_); }

  UniqueFd cells_;  // map 0
  UniqueFd other_;  // map 1, where a test has one
  UniqueFd program_;
  std::string text_;
  int runs_ = 0;
};

}  // namespace socktap::ebpf
