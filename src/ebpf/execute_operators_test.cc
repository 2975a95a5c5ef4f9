// Each operator and condition, on registers and immediates.
#include <gtest/gtest.h>

#include <cstdint>

#include "ebpf/execution_test.h"

namespace socktap::ebpf {
namespace {

using enum Register;
using U = std::uint64_t;

std::int64_t as_signed(std::uint64_t value) { return static_cast<std::int64_t>(value); }

struct AluCase {
  AluOperator op;
  std::uint64_t (*compute)(std::uint64_t, std::uint64_t);
};
const AluCase alu_cases[] = {
    {AluOperator::add, [](U a, U b) { return a + b; }},
    {AluOperator::subtract, [](U a, U b) { return a - b; }},
    {AluOperator::multiply, [](U a, U b) { return a * b; }},
    {AluOperator::divide, [](U a, U b) { return b == 0 ? 0 : a / b; }},
    {AluOperator::modulo, [](U a, U b) { return b == 0 ? a : a % b; }},
    {AluOperator::bitwise_and, [](U a, U b) { return a & b; }},
    {AluOperator::bitwise_or, [](U a, U b) { return a | b; }},
    {AluOperator::bitwise_xor, [](U a, U b) { return a ^ b; }},
    {AluOperator::shift_left, [](U a, U b) { return a << (b & 63); }},
    {AluOperator::shift_right, [](U a, U b) { return a >> (b & 63); }},
    {AluOperator::arithmetic_shift_right, [](U a, U b) { return U(as_signed(a) >> (b & 63)); }},
};

bool takes(AluOperator op, std::int64_t immediate) {
  if (op == AluOperator::divide || op == AluOperator::modulo) return immediate != 0;
  if (op < AluOperator::shift_left) return true;
  return immediate >= 0 && immediate < 64;
}

TEST_F(Execute, ArithmeticOnRegisters) {
  for (const auto& [op, compute] : alu_cases) {
    ASSERT_NO_FATAL_FAILURE(load([op = op](Builder& builder) {
      builder.emit(Alu{op, r1, r2});
      builder.emit(Store{Size::u64, r6, third_cell, r1});
    }));
    for (const U a : edges) {
      for (const U b : edges) expect(a, b, compute(a, b));
    }
  }
}

TEST_F(Execute, ArithmeticOnImmediates) {
  for (const auto& [op, compute] : alu_cases) {
    for (const std::int64_t immediate : immediates) {
      if (!takes(op, immediate)) continue;
      ASSERT_NO_FATAL_FAILURE(load([op = op, immediate](Builder& builder) {
        builder.emit(Alu{op, r1, immediate});
        builder.emit(Store{Size::u64, r6, third_cell, r1});
      }));
      for (const U a : edges) expect(a, 0, compute(a, static_cast<U>(immediate)));
    }
  }
}

struct ConditionCase {
  Condition condition;
  bool (*holds)(U, U);
};
const ConditionCase condition_cases[] = {
    {Condition::equal, [](U a, U b) { return a == b; }},
    {Condition::not_equal, [](U a, U b) { return a != b; }},
    {Condition::any_bit_set, [](U a, U b) { return (a & b) != 0; }},
    {Condition::less, [](U a, U b) { return a < b; }},
    {Condition::less_or_equal, [](U a, U b) { return a <= b; }},
    {Condition::greater, [](U a, U b) { return a > b; }},
    {Condition::greater_or_equal, [](U a, U b) { return a >= b; }},
    {Condition::signed_less, [](U a, U b) { return as_signed(a) < as_signed(b); }},
    {Condition::signed_less_or_equal, [](U a, U b) { return as_signed(a) <= as_signed(b); }},
    {Condition::signed_greater, [](U a, U b) { return as_signed(a) > as_signed(b); }},
    {Condition::signed_greater_or_equal, [](U a, U b) { return as_signed(a) >= as_signed(b); }},
};

// Stores 1 if the condition holds, else 0.
void store_comparison(Builder& builder, Condition condition, const Operand& right) {
  const Label holds = builder.new_label();
  const Label done = builder.new_label();
  builder.emit(JumpIf{condition, r1, right, holds});
  builder.emit(Store{Size::u64, r6, third_cell, 0});
  builder.emit(Jump{done});
  builder.bind(holds);
  builder.emit(Store{Size::u64, r6, third_cell, 1});
  builder.bind(done);
}

TEST_F(Execute, ComparisonsOfRegisters) {
  for (const auto& [condition, holds] : condition_cases) {
    ASSERT_NO_FATAL_FAILURE(load(
        [condition = condition](Builder& builder) { store_comparison(builder, condition, r2); }));
    for (const U a : edges) {
      for (const U b : edges) expect(a, b, holds(a, b) ? 1 : 0);
    }
  }
}

TEST_F(Execute, ComparisonsWithImmediates) {
  for (const auto& [condition, holds] : condition_cases) {
    for (const std::int64_t immediate : immediates) {
      ASSERT_NO_FATAL_FAILURE(load([condition = condition, immediate](Builder& builder) {
        store_comparison(builder, condition, immediate);
      }));
      for (const U a : edges) expect(a, 0, holds(a, static_cast<U>(immediate)) ? 1 : 0);
      expect(static_cast<U>(immediate), 0, holds(U(immediate), U(immediate)) ? 1 : 0);
    }
  }
}

TEST_F(Execute, MovesAndNegation) {
  ASSERT_NO_FATAL_FAILURE(load([](Builder& builder) {
    builder.emit(Move{r3, r1});
    builder.emit(Negate{r3});
    builder.emit(Store{Size::u64, r6, third_cell, r3});
  }));
  for (const U a : edges) expect(a, 0, U{0} - a);
  for (const std::int64_t immediate : immediates) {
    ASSERT_NO_FATAL_FAILURE(load([&](Builder& builder) {
      builder.emit(Move{r1, immediate});
      builder.emit(Store{Size::u64, r6, third_cell, r1});
    }));
    expect(0, 0, static_cast<U>(immediate));
  }
  for (const U value : edges) {
    ASSERT_NO_FATAL_FAILURE(load([&](Builder& builder) {
      builder.emit(MoveWide{r1, value});
      builder.emit(Store{Size::u64, r6, third_cell, r1});
    }));
    expect(0, 0, value);
  }
}

}  // namespace
}  // namespace socktap::ebpf
