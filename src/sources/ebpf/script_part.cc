#include "sources/ebpf/script_part.h"

#include <linux/types.h>

#include <algorithm>
#include <iterator>

#include "base/unique_fd.h"
#include "ebpf/filter_compiler.h"
#include "ebpf/marshal.h"
#include "event/event.h"
#include "sources/ebpf/collector_abi.h"
#include "sources/ebpf/raw_program.h"

namespace socktap::sources::ebpf {
namespace {

constexpr std::size_t room = SOCKTAP_SCRIPT_PART_ROOM + 1;  // with the mark

bool is_mark(const bpf_insn& instruction) {
  return instruction.code == (BPF_ALU64 | BPF_MOV | BPF_K) && instruction.dst_reg == BPF_REG_0 &&
         instruction.imm == SOCKTAP_SCRIPT_PART_MARK;
}

bool is_nothing(const bpf_insn& instruction) {
  return instruction.code == (BPF_JMP | BPF_JA) && instruction.off == 0;
}

// The mark, and nothing for as long as there is room.
bool is_place(std::span<const bpf_insn> rest) {
  return rest.size() >= room && is_mark(rest[0]) &&
         std::ranges::all_of(rest.subspan(1, room - 1), is_nothing);
}

// Alone, on an empty record: a refusal must not be laid at a collector's door.
Result<void> try_alone(const std::vector<bpf_insn>& part) {
  std::vector<bpf_insn> program;
  for (int offset = sizeof(Event); offset > 0; offset -= 8)
    program.push_back({.code = BPF_ST | BPF_MEM | BPF_DW,
                       .dst_reg = BPF_REG_10,
                       .off = static_cast<__s16>(-offset)});
  program.push_back(
      {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_10});
  program.push_back({.code = BPF_ALU64 | BPF_ADD | BPF_K,
                     .dst_reg = BPF_REG_1,
                     .imm = -static_cast<int>(sizeof(Event))});
  std::ranges::copy(part, std::back_inserter(program));
  program.push_back(leave);
  const int fd = load_raw(program);
  const UniqueFd loaded(std::max(fd, -1));
  if (fd < 0) return system_failure("cannot load the script's part", -fd);
  return {};
}

}  // namespace

Result<std::vector<bpf_insn>> script_part_of(const plan::Plan& plan, pid_t target) {
  const std::optional<socktap::ebpf::Program> program = socktap::ebpf::compile_filter(plan, target);
  if (!program) return std::vector<bpf_insn>();
  Result<socktap::ebpf::Marshalled> marshalled = socktap::ebpf::marshal(*program);
  if (!marshalled) return tl::unexpected(marshalled.error());
  if (marshalled->instructions.size() > room)
    return failure("the script's conditions take more instructions than there is room for");
  if (Result<void> accepted = try_alone(marshalled->instructions); !accepted)
    return tl::unexpected(accepted.error());
  return std::move(marshalled->instructions);
}

std::string limit_without_script_part(const Error& refusal) {
  return "the script's conditions are tested in user space: " + refusal.message;
}

bool write_script_part(std::span<bpf_insn> program, std::span<const bpf_insn> part) {
  bool written = false;
  for (std::span<bpf_insn> rest = program; !rest.empty();) {
    const bool here = is_place(rest);
    if (here) std::ranges::copy(part, rest.begin());
    written = written || here;
    rest = rest.subspan(here ? room : 1);
  }
  return written;
}

}  // namespace socktap::sources::ebpf
