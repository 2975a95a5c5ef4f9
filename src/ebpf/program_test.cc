#include "ebpf/program.h"

#include <gtest/gtest.h>

namespace socktap::ebpf {
namespace {

TEST(Builder, NotesGoWithTheNextInstructionAndSpansWithAllThatFollow) {
  Builder builder;
  const Move move{Register::r0, 1};
  builder.emit(move);
  builder.from({1, 10, 20});
  builder.note("one");
  builder.note("two");
  builder.emit(move);
  builder.emit(Exit{});
  const Program program = builder.finish();
  const std::vector<Line> expected = {
      {move, "", {}}, {move, "one, two", {1, 10, 20}}, {Exit{}, "", {1, 10, 20}}};
  EXPECT_EQ(program.lines, expected);
}

TEST(Builder, LabelsAreBoundBeforeTheNextInstruction) {
  Builder builder;
  const Label first = builder.new_label();
  const Label second = builder.new_label();
  EXPECT_NE(first, second);
  builder.bind(second);
  builder.emit(Jump{first});
  builder.bind(first);
  builder.emit(Exit{});
  const std::vector<Binding> expected = {{second, 0}, {first, 1}};
  EXPECT_EQ(builder.finish().bindings, expected);
}

TEST(Builder, LeavesOutWhatCannotBeReached) {
  Builder builder;
  const Label taken = builder.new_label();
  const Label never = builder.new_label();
  const Move move{Register::r0, 1};
  builder.emit(JumpIf{Condition::equal, Register::r1, 0, taken});
  builder.emit(Jump{taken});
  builder.note("of what is left out");
  builder.emit(move);
  builder.bind(never);
  builder.emit(move);
  builder.bind(taken);
  builder.emit(Exit{});
  builder.emit(move);
  const Program program = builder.finish();
  const std::vector<Line> expected = {{JumpIf{Condition::equal, Register::r1, 0, taken}, "", {}},
                                      {Jump{taken}, "", {}},
                                      {Exit{}, "", {}}};
  EXPECT_EQ(program.lines, expected);
}

}  // namespace
}  // namespace socktap::ebpf
