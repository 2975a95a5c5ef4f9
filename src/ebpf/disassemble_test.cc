#include "ebpf/disassemble.h"

#include <gtest/gtest.h>

namespace socktap::ebpf {
namespace {

using enum Register;

TEST(Disassemble, LabelsMapsAndNotes) {
  Builder builder;
  const Label missing = builder.new_label();
  const Label again = builder.new_label();
  builder.note("the task");
  builder.emit(LoadMapValue{r6, 1, 16});
  builder.emit(Load{Size::u32, r1, r6, 12});
  builder.emit(Store{Size::u32, r10, -4, r1});
  builder.bind(again);
  builder.note("counts");
  builder.note("of all processors");
  builder.emit(LoadMap{r1, 0});
  builder.emit(Move{r2, r10});
  builder.emit(Alu{AluOperator::add, r2, -4});
  builder.emit(CallHelper{Helper::map_lookup_elem});
  builder.emit(JumpIf{Condition::equal, r0, 0, missing});
  builder.emit(Move{r1, 1});
  builder.emit(AtomicAdd{Size::u64, r0, 0, r1});
  builder.bind(missing);
  builder.emit(JumpIf{Condition::signed_greater, r1, 5, again});
  builder.note("0 lets nothing through");
  builder.emit(Move{r0, 0});
  builder.emit(Exit{});
  EXPECT_EQ(disassemble(builder.finish()),
            "   0: r6 = map[1][0]+16                ; the task\n"
            "   2: r1 = *(u32 *)(r6 + 12)\n"
            "   3: *(u32 *)(r10 - 4) = r1\n"
            "L1:\n"
            "   4: r1 = map[0]                      ; counts, of all processors\n"
            "   6: r2 = r10\n"
            "   7: r2 += -4\n"
            "   8: call 1 (map_lookup_elem)\n"
            "   9: if r0 == 0 goto L0\n"
            "  10: r1 = 1\n"
            "  11: lock *(u64 *)(r0 + 0) += r1\n"
            "L0:\n"
            "  12: if r1 s> 5 goto L1\n"
            "  13: r0 = 0                           ; 0 lets nothing through\n"
            "  14: exit\n");
}

TEST(Disassemble, EveryKindHasItsNotation) {
  const struct {
    Instruction instruction;
    const char* text;
  } cases[] = {
      {Move{r1, r2}, "r1 = r2"},
      {Move{r1, -5}, "r1 = -5"},
      {MoveWide{r3, 0x1122334455667788}, "r3 = 0x1122334455667788 ll"},
      {LoadMap{r1, 7}, "r1 = map[7]"},
      {LoadMapValue{r1, 7, 0}, "r1 = map[7][0]+0"},
      {Alu{AluOperator::add, r1, r2}, "r1 += r2"},
      {Alu{AluOperator::arithmetic_shift_right, r1, 3}, "r1 s>>= 3"},
      {Negate{r4}, "r4 = -r4"},
      {SwapBytes{ByteOrder::big, Size::u16, r5}, "r5 = be16 r5"},
      {SwapBytes{ByteOrder::little, Size::u64, r5}, "r5 = le64 r5"},
      {Load{Size::u8, r0, r10, -1}, "r0 = *(u8 *)(r10 - 1)"},
      {Store{Size::u64, r10, -8, 5}, "*(u64 *)(r10 - 8) = 5"},
      {AtomicAdd{Size::u32, r7, 4, r1}, "lock *(u32 *)(r7 + 4) += r1"},
      {Jump{Label{2}}, "goto L2"},
      {JumpIf{Condition::any_bit_set, r1, 4, Label{9}}, "if r1 & 4 goto L9"},
      {JumpIf{Condition::less, r1, r2, Label{9}}, "if r1 < r2 goto L9"},
      {CallHelper{Helper::tail_call}, "call 12 (tail_call)"},
      {CallHelper{static_cast<Helper>(6)}, "call 6"},
      {Exit{}, "exit"},
  };
  for (const auto& [instruction, text] : cases) EXPECT_EQ(text_of(instruction), text);
}

TEST(Disassemble, ALabelAtTheEnd) {
  Builder builder;
  builder.emit(Exit{});
  builder.bind(builder.new_label());
  EXPECT_EQ(disassemble(builder.finish()), "   0: exit\nL0:\n");
}

}  // namespace
}  // namespace socktap::ebpf
