#include "ebpf/decode.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ebpf/disassemble.h"
#include "ebpf/marshal.h"
#include "ebpf/sample_programs_test.h"

namespace socktap::ebpf {
namespace {

using enum Register;
using Raw = std::vector<bpf_insn>;

bool same(const Raw& a, const Raw& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(bpf_insn)) == 0;
}

// Decoding numbers labels anew; that jumps reach the same place shows in the bytes.
Instruction without_label(Instruction instruction) {
  if (auto* jump = std::get_if<Jump>(&instruction)) jump->target = {};
  if (auto* jump = std::get_if<JumpIf>(&instruction)) jump->target = {};
  return instruction;
}

void expect_round_trip(const Program& program) {
  SCOPED_TRACE(disassemble(program));
  const auto there = marshal(program);
  ASSERT_TRUE(there) << there.error().message;
  const auto back = decode(there->instructions);
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_EQ(back->lines.size(), program.lines.size());
  for (std::size_t i = 0; i < program.lines.size(); ++i) {
    EXPECT_EQ(without_label(back->lines[i].instruction),
              without_label(program.lines[i].instruction));
  }
  const auto again = marshal(*back);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(same(there->instructions, again->instructions));
  EXPECT_EQ(there->relocations, again->relocations);
  EXPECT_EQ(*decode(again->instructions), *back);
}

TEST(Decode, EveryInstructionComesBack) {
  const Program program = every_instruction();
  std::set<std::size_t> kinds;
  for (const Line& line : program.lines) kinds.insert(line.instruction.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<Instruction>) << "a kind is not among them";
  expect_round_trip(program);
}

TEST(Decode, RandomProgramsComeBack) {
  std::mt19937_64 random(20240607);
  for (int i = 0; i < 2000 && !testing::Test::HasFailure(); ++i) {
    expect_round_trip(random_program(random));
  }
}

// Half of the words have a code that exists, so that some get as far as the fields behind it.
TEST(Decode, WhateverIsAcceptedIsMarshalledToTheSame) {
  std::mt19937_64 random(7);
  const Raw known = marshal(every_instruction())->instructions;
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    Raw raw(2);
    for (bpf_insn& word : raw) {
      word = known[random() % known.size()];
      if (random() % 2 == 0) word.off = static_cast<__s16>(random() % 3);
      if (random() % 2 == 0)
        reinterpret_cast<unsigned char*>(&word)[random() % 8] ^= 1 << random() % 8;
    }
    const auto decoded = decode(raw);
    if (!decoded) continue;
    ++accepted;
    EXPECT_TRUE(same(raw, marshal(*decoded)->instructions)) << disassemble(*decoded);
  }
  EXPECT_GT(accepted, 500);
  EXPECT_LT(accepted, 19500);
}

TEST(Decode, LabelsAreNumberedByTheirSlot) {
  const Raw raw = {{BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 5},
                   {},
                   {BPF_JMP | BPF_JA, 0, 0, 1, 0},
                   {BPF_JMP | BPF_JA, 0, 0, -4, 0},
                   {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  const auto program = decode(raw);
  ASSERT_TRUE(program) << program.error().message;
  EXPECT_EQ(disassemble(*program),
            "L0:\n"
            "   0: r1 = 0x5 ll\n"
            "   2: goto L4\n"
            "   3: goto L0\n"
            "L4:\n"
            "   4: exit\n");
}

TEST(Decode, RefusesWhatItDoesNotKnow) {
  const bpf_insn exit = {BPF_JMP | BPF_EXIT, 0, 0, 0, 0};
  const bpf_insn wide = {BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 5};
  const std::string unused = "slot 0: it has bits set that the instruction does not use";
  const struct {
    const char* what;
    Raw raw;
    std::string reason;
  } cases[] = {
      {"no such register", {{0xb7, 11, 0, 0, 0}, exit}, "slot 0: there are registers up to r10"},
      {"arithmetic on 32 bits", {exit, {0x04, 1, 0, 0, 1}}, "slot 1: code 0x04 is not known"},
      {"comparison of 32 bits", {{0x16, 1, 0, 0, 1}, exit}, "slot 0: code 0x16 is not known"},
      {"packet access", {{0x20, 0, 0, 0, 1}, exit}, "slot 0: code 0x20 is not known"},
      {"load with sign", {{0x81, 1, 2, 0, 0}, exit}, "slot 0: code 0x81 is not known"},
      {"unconditional swap", {{0xd7, 1, 0, 0, 16}, exit}, "slot 0: code 0xd7 is not known"},
      {"swap of 24 bits", {{0xdc, 1, 0, 0, 24}, exit}, "slot 0: code 0xdc is not known"},
      {"long jump", {{0x06, 0, 0, 0, 0}, exit}, "slot 0: code 0x06 is not known"},
      {"move with sign", {{0xbf, 1, 2, 8, 0}, exit}, unused},
      {"division with sign", {{0x3f, 1, 2, 1, 0}, exit}, unused},
      {"atomic addition that fetches", {{0xdb, 1, 2, 0, 1}, exit}, unused},
      {"atomic or", {{0xdb, 1, 2, 0, 0x40}, exit}, unused},
      {"call of the program's own", {{0x85, 0, 1, 0, 0}, exit}, unused},
      {"call of a kernel function", {{0x85, 0, 2, 0, 99}, exit}, unused},
      {"exit with immediate", {{0x95, 0, 0, 0, 1}}, unused},
      {"half a wide move", {exit, wide}, "slot 1: its second half is missing"},
      {"wide move of another kind", {{0x18, 1, 3, 0, 5}, {}}, "slot 0: code 0x18 is not known"},
      {"wide move, second half with code", {wide, exit}, unused},
      {"jump behind the end",
       {{0x05, 0, 0, 1, 0}, exit},
       "slot 0: it jumps to where no instruction begins"},
      {"jump before the begin",
       {exit, {0x05, 0, 0, -3, 0}},
       "slot 1: it jumps to where no instruction begins"},
      {"jump into a wide move",
       {{0x05, 0, 0, 1, 0}, wide, {}, exit},
       "slot 0: it jumps to where no instruction begins"},
      {"shift too far",
       {{0x67, 1, 0, 0, 64}, exit},
       "instruction 0 'r1 <<= 64': a shift is by 0 to 63 bits"},
      {"atomic addition of a byte",
       {{0xd3, 1, 2, 0, 0}, exit},
       "instruction 0 'lock *(u8 *)(r1 + 0) += r2': atomic additions are of 4 or 8 bytes"},
  };
  for (const auto& [what, raw, reason] : cases) {
    const auto decoded = decode(raw);
    ASSERT_FALSE(decoded) << what;
    EXPECT_EQ(decoded.error().message, reason) << what;
  }
}

}  // namespace
}  // namespace socktap::ebpf
