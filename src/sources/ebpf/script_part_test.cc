#include "sources/ebpf/script_part.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "sources/ebpf/collector_abi.h"

namespace socktap::sources::ebpf {
namespace {

constexpr bpf_insn mark = {.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = SOCKTAP_SCRIPT_PART_MARK};
constexpr bpf_insn nothing = {.code = BPF_JMP | BPF_JA};
constexpr bpf_insn other = {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = 7};
constexpr bpf_insn part[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 1},
                             {.code = BPF_ALU64 | BPF_ADD | BPF_K, .imm = 2}};

// Over all that is left of the place.
constexpr bpf_insn skip[] = {
    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 1},
    {.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = 1, .off = SOCKTAP_SCRIPT_PART_ROOM - 3}};

bool equal(const bpf_insn& a, const bpf_insn& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

std::vector<bpf_insn> program_with_places(int places, std::size_t room = SOCKTAP_SCRIPT_PART_ROOM) {
  std::vector<bpf_insn> program{other};
  for (int i = 0; i < places; ++i) {
    program.push_back(mark);
    program.insert(program.end(), room, nothing);
    program.push_back(other);
  }
  return program;
}

TEST(ScriptPart, IsWrittenOverEveryPlaceForIt) {
  std::vector<bpf_insn> program = program_with_places(2);
  const std::vector<bpf_insn> before = program;
  EXPECT_TRUE(write_script_part(program, part));
  ASSERT_EQ(program.size(), before.size());
  constexpr std::size_t second = 1 + SOCKTAP_SCRIPT_PART_ROOM + 2;
  for (std::size_t i = 0; i < program.size(); ++i) {
    const std::size_t within = i >= second ? i - second : i - 1;
    const bool in_place = i >= 1 && within < SOCKTAP_SCRIPT_PART_ROOM + 1;
    const bpf_insn& expected = in_place && within < 2   ? part[within]
                               : in_place && within < 4 ? skip[within - 2]
                                                        : before[i];
    EXPECT_TRUE(equal(program[i], expected)) << i;
  }
}

TEST(ScriptPart, LeavesProgramsWithoutAPlaceAlone) {
  std::vector<bpf_insn> none = program_with_places(0);
  EXPECT_FALSE(write_script_part(none, part));
  std::vector<bpf_insn> short_of_one = program_with_places(1, SOCKTAP_SCRIPT_PART_ROOM - 2);
  const std::vector<bpf_insn> before = short_of_one;
  EXPECT_FALSE(write_script_part(short_of_one, part));
  EXPECT_TRUE(std::ranges::equal(short_of_one, before, equal));
  std::vector<bpf_insn> in_use = program_with_places(1);
  in_use[100] = other;
  EXPECT_FALSE(write_script_part(in_use, part)) << "something is done there";
}

}  // namespace
}  // namespace socktap::sources::ebpf
