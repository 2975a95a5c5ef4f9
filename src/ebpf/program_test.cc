#include "ebpf/program.h"

#include <gtest/gtest.h>

namespace socktap::ebpf {
namespace {

TEST(Builder, NotesGoWithTheNextInstructionAndSpansWithAllThatFollow) {
  Builder builder;
  builder.emit(Exit{});
  builder.from({1, 10, 20});
  builder.note("one");
  builder.note("two");
  builder.emit(Exit{});
  builder.emit(Exit{});
  const Program program = builder.finish();
  const std::vector<Line> expected = {
      {Exit{}, "", {}}, {Exit{}, "one, two", {1, 10, 20}}, {Exit{}, "", {1, 10, 20}}};
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

}  // namespace
}  // namespace socktap::ebpf
