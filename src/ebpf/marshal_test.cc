#include "ebpf/marshal.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace socktap::ebpf {
namespace {

using enum Register;

Program only(const Instruction& instruction) { return {{{instruction, {}, {}}}, {}}; }

// "code source destination offset immediate", in hexadecimal.
std::string fields(const bpf_insn& raw) {
  return fmt::format("{:02x} {:x} {:x} {:04x} {:08x}", raw.code, unsigned{raw.src_reg},
                     unsigned{raw.dst_reg}, static_cast<std::uint16_t>(raw.off),
                     static_cast<std::uint32_t>(raw.imm));
}

// The codes are those of the kernel's Documentation/bpf/standardization/instruction-set.rst.
TEST(Marshal, EncodesAsTheInstructionSetSays) {
  const struct {
    Instruction instruction;
    const char* expected;
  } cases[] = {
      {Move{r1, 5}, "b7 0 1 0000 00000005"},
      {Move{r1, -1}, "b7 0 1 0000 ffffffff"},
      {Move{r6, r1}, "bf 1 6 0000 00000000"},
      {Alu{AluOperator::add, r2, -8}, "07 0 2 0000 fffffff8"},
      {Alu{AluOperator::add, r2, r3}, "0f 3 2 0000 00000000"},
      {Alu{AluOperator::subtract, r2, r3}, "1f 3 2 0000 00000000"},
      {Alu{AluOperator::multiply, r2, r3}, "2f 3 2 0000 00000000"},
      {Alu{AluOperator::divide, r2, 10}, "37 0 2 0000 0000000a"},
      {Alu{AluOperator::bitwise_or, r2, r3}, "4f 3 2 0000 00000000"},
      {Alu{AluOperator::bitwise_and, r2, 255}, "57 0 2 0000 000000ff"},
      {Alu{AluOperator::shift_left, r2, 32}, "67 0 2 0000 00000020"},
      {Alu{AluOperator::shift_right, r2, r3}, "7f 3 2 0000 00000000"},
      {Alu{AluOperator::modulo, r2, r3}, "9f 3 2 0000 00000000"},
      {Alu{AluOperator::bitwise_xor, r2, r3}, "af 3 2 0000 00000000"},
      {Alu{AluOperator::arithmetic_shift_right, r2, 63}, "c7 0 2 0000 0000003f"},
      {Negate{r4}, "87 0 4 0000 00000000"},
      {SwapBytes{ByteOrder::little, Size::u16, r4}, "d4 0 4 0000 00000010"},
      {SwapBytes{ByteOrder::big, Size::u64, r4}, "dc 0 4 0000 00000040"},
      {Load{Size::u32, r1, r6, 12}, "61 6 1 000c 00000000"},
      {Load{Size::u16, r1, r6, 12}, "69 6 1 000c 00000000"},
      {Load{Size::u8, r1, r6, 12}, "71 6 1 000c 00000000"},
      {Load{Size::u64, r1, r10, -8}, "79 a 1 fff8 00000000"},
      {Store{Size::u32, r10, -4, 7}, "62 0 a fffc 00000007"},
      {Store{Size::u32, r10, -4, r1}, "63 1 a fffc 00000000"},
      {Store{Size::u16, r10, -4, r1}, "6b 1 a fffc 00000000"},
      {Store{Size::u8, r10, -4, r1}, "73 1 a fffc 00000000"},
      {Store{Size::u64, r10, -8, r1}, "7b 1 a fff8 00000000"},
      {AtomicAdd{Size::u32, r0, 4, r1}, "c3 1 0 0004 00000000"},
      {AtomicAdd{Size::u64, r0, 8, r1}, "db 1 0 0008 00000000"},
      {CallHelper{Helper::ktime_get_ns}, "85 0 0 0000 00000005"},
      {Exit{}, "95 0 0 0000 00000000"},
  };
  for (const auto& [instruction, expected] : cases) {
    const auto marshalled = marshal(only(instruction));
    ASSERT_TRUE(marshalled) << marshalled.error().message;
    ASSERT_EQ(marshalled->instructions.size(), 1u);
    EXPECT_EQ(fields(marshalled->instructions[0]), expected);
  }
}

TEST(Marshal, WideMovesTakeTwoSlots) {
  const auto marshalled = marshal(only(MoveWide{r3, 0x1122334455667788}));
  ASSERT_TRUE(marshalled);
  ASSERT_EQ(marshalled->instructions.size(), 2u);
  EXPECT_EQ(fields(marshalled->instructions[0]), "18 0 3 0000 55667788");
  EXPECT_EQ(fields(marshalled->instructions[1]), "00 0 0 0000 11223344");
  EXPECT_TRUE(marshalled->relocations.empty());
}

TEST(Marshal, MapsAreRelocations) {
  Builder builder;
  builder.emit(Move{r0, 0});
  builder.emit(LoadMap{r1, 9});
  builder.emit(LoadMapValue{r2, 4, 24});
  const auto marshalled = marshal(builder.finish());
  ASSERT_TRUE(marshalled);
  ASSERT_EQ(marshalled->instructions.size(), 5u);
  EXPECT_EQ(fields(marshalled->instructions[1]), "18 1 1 0000 00000009");
  EXPECT_EQ(fields(marshalled->instructions[2]), "00 0 0 0000 00000000");
  EXPECT_EQ(fields(marshalled->instructions[3]), "18 2 2 0000 00000004");
  EXPECT_EQ(fields(marshalled->instructions[4]), "00 0 0 0000 00000018");
  const std::vector<Relocation> expected = {{1, 9, Relocation::Kind::descriptor, 0},
                                            {3, 4, Relocation::Kind::value, 24}};
  EXPECT_EQ(marshalled->relocations, expected);
}

TEST(Marshal, JumpsCountSlotsFromTheNextInstruction) {
  const struct {
    Condition condition;
    Operand right;
    const char* expected;
  } cases[] = {
      {Condition::equal, 0, "15 0 1 0002 00000000"},
      {Condition::equal, r2, "1d 2 1 0002 00000000"},
      {Condition::greater, 1, "25 0 1 0002 00000001"},
      {Condition::greater_or_equal, 1, "35 0 1 0002 00000001"},
      {Condition::any_bit_set, 1, "45 0 1 0002 00000001"},
      {Condition::not_equal, 1, "55 0 1 0002 00000001"},
      {Condition::signed_greater, 1, "65 0 1 0002 00000001"},
      {Condition::signed_greater_or_equal, 1, "75 0 1 0002 00000001"},
      {Condition::less, 1, "a5 0 1 0002 00000001"},
      {Condition::less_or_equal, 1, "b5 0 1 0002 00000001"},
      {Condition::signed_less, -1, "c5 0 1 0002 ffffffff"},
      {Condition::signed_less_or_equal, r2, "dd 2 1 0002 00000000"},
  };
  for (const auto& [condition, right, expected] : cases) {
    Builder builder;
    const Label behind = builder.new_label();
    builder.emit(JumpIf{condition, r1, right, behind});
    builder.emit(MoveWide{r1, 1});
    builder.bind(behind);
    builder.emit(Exit{});
    const auto marshalled = marshal(builder.finish());
    ASSERT_TRUE(marshalled) << marshalled.error().message;
    EXPECT_EQ(fields(marshalled->instructions[0]), expected);
  }
}

TEST(Marshal, JumpsBack) {
  Builder builder;
  const Label begin = builder.new_label();
  builder.bind(begin);
  builder.emit(MoveWide{r1, 1});
  builder.emit(Jump{begin});
  const auto marshalled = marshal(builder.finish());
  ASSERT_TRUE(marshalled);
  EXPECT_EQ(fields(marshalled->instructions[2]), "05 0 0 fffd 00000000");
}

// A jump over `length` instructions, forwards or back.
Program long_jump(int length, bool back) {
  const Line jump{Jump{Label{0}}, "", {}};
  Program program;
  program.lines.assign(static_cast<std::size_t>(length), {Move{r0, 0}, "", {}});
  program.lines.insert(back ? program.lines.end() : program.lines.begin(), jump);
  program.bindings = {{Label{0}, back ? 0 : static_cast<std::uint32_t>(length) + 1}};
  program.lines.push_back({Exit{}, "", {}});
  return program;
}

TEST(Marshal, JumpsReachSixteenBits) {
  EXPECT_TRUE(marshal(long_jump(32767, false)));
  EXPECT_TRUE(marshal(long_jump(32767, true)));
  const auto forwards = marshal(long_jump(32768, false));
  ASSERT_FALSE(forwards);
  EXPECT_EQ(forwards.error().message,
            "instruction 0 'goto L0': the jump over 32768 slots does not fit 16 bits");
  const auto back = marshal(long_jump(32768, true));
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().message,
            "instruction 32768 'goto L0': the jump over -32769 slots does not fit 16 bits");
}

TEST(Marshal, RefusesWhatDoesNotFit) {
  const struct {
    Instruction instruction;
    const char* reason;
  } cases[] = {
      {Jump{Label{3}}, "'goto L3': label L3 is not bound"},
      {JumpIf{Condition::equal, r1, r2, Label{3}}, "'if r1 == r2 goto L3': label L3 is not bound"},
      {Load{Size::u8, r1, r2, 32768},
       "'r1 = *(u8 *)(r2 + 32768)': the offset 32768 does not fit 16 bits"},
      {Store{Size::u8, r1, -32769, r2},
       "'*(u8 *)(r1 - 32769) = r2': the offset -32769 does not fit 16 bits"},
      {AtomicAdd{Size::u64, r1, 40000, r2},
       "'lock *(u64 *)(r1 + 40000) += r2': the offset 40000 does not fit 16 bits"},
      {Move{r1, 2147483648}, "'r1 = 2147483648': the immediate 2147483648 does not fit 32 bits"},
      {Alu{AluOperator::add, r1, -2147483649},
       "'r1 += -2147483649': the immediate -2147483649 does not fit 32 bits"},
      {Store{Size::u64, r1, 0, 4294967295},
       "'*(u64 *)(r1 + 0) = 4294967295': the immediate 4294967295 does not fit 32 bits"},
      {Alu{AluOperator::divide, r1, 0}, "'r1 /= 0': division by the constant 0"},
      {Alu{AluOperator::modulo, r1, 0}, "'r1 %= 0': division by the constant 0"},
      {Alu{AluOperator::shift_left, r1, 64}, "'r1 <<= 64': a shift is by 0 to 63 bits"},
      {Alu{AluOperator::arithmetic_shift_right, r1, -1},
       "'r1 s>>= -1': a shift is by 0 to 63 bits"},
      {SwapBytes{ByteOrder::big, Size::u8, r1}, "'r1 = be8 r1': one byte has no order"},
      {AtomicAdd{Size::u16, r1, 0, r2},
       "'lock *(u16 *)(r1 + 0) += r2': atomic additions are of 4 or 8 bytes"},
  };
  for (const auto& [instruction, reason] : cases) {
    const auto marshalled = marshal(only(instruction));
    ASSERT_FALSE(marshalled) << reason;
    EXPECT_EQ(marshalled.error().message, std::string("instruction 0 ") + reason);
  }
}

TEST(Marshal, AcceptsTheOutermostImmediates) {
  EXPECT_TRUE(marshal(only(Move{r1, 2147483647})));
  EXPECT_TRUE(marshal(only(Move{r1, -2147483648})));
  EXPECT_TRUE(marshal(only(Load{Size::u8, r1, r2, 32767})));
  EXPECT_TRUE(marshal(only(Load{Size::u8, r1, r2, -32768})));
  EXPECT_TRUE(marshal(only(Alu{AluOperator::shift_left, r1, 63})));
}

TEST(Marshal, RefusesLabelsThatAreBoundTwice) {
  Builder builder;
  const Label label = builder.new_label();
  builder.bind(label);
  builder.emit(Exit{});
  builder.bind(label);
  const auto marshalled = marshal(builder.finish());
  ASSERT_FALSE(marshalled);
  EXPECT_EQ(marshalled.error().message, "label L0 is bound twice");
}

TEST(Marshal, RefusesToJumpBehindTheEnd) {
  Builder builder;
  const Label end = builder.new_label();
  builder.emit(Jump{end});
  builder.bind(end);
  const auto marshalled = marshal(builder.finish());
  ASSERT_FALSE(marshalled);
  EXPECT_EQ(marshalled.error().message,
            "instruction 0 'goto L0': label L0 is bound behind the last instruction");
  const auto beyond = marshal({{{Exit{}, {}, {}}}, {{Label{0}, 2}}});
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().message, "label L0 is bound at 2, beyond the end");
}

}  // namespace
}  // namespace socktap::ebpf
