#include "sources/ebpf/script_part.h"

#include <fmt/format.h>
#include <linux/membarrier.h>
#include <linux/types.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <random>

#include "base/unique_fd.h"
#include "ebpf/expression_compiler.h"
#include "ebpf/marshal.h"
#include "ebpf/script_compiler.h"
#include "event/event.h"
#include "sources/ebpf/collector_abi.h"
#include "sources/ebpf/collectors.h"
#include "sources/ebpf/load_log.h"
#include "sources/ebpf/raw_program.h"

namespace socktap::sources::ebpf {
namespace {

constexpr std::size_t room = SOCKTAP_SCRIPT_PART_ROOM + 1;  // with the mark
constexpr std::size_t skip_length = 2;
static_assert(SOCKTAP_SCRIPT_PART_ROOM <= plan::most_actions);

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

// What is left of the place is jumped over: the kernel removes at once what is never reached, but
// instructions that do nothing one by one.
void write_at(std::span<bpf_insn> place, std::span<const bpf_insn> part) {
  std::ranges::copy(part, place.begin());
  const std::size_t left = place.size() - part.size();
  if (left < skip_length) return;
  place[part.size()] = {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1};
  place[part.size() + 1] = {.code = BPF_JMP | BPF_JEQ | BPF_K,
                            .dst_reg = BPF_REG_1,
                            .off = static_cast<__s16>(left - skip_length)};
}

constexpr std::uint64_t most_memory = 256 << 20;  // of all CPUs
constexpr std::size_t log_size = 1 << 20;         // of the verifier's

// One for each array; the numbers of maps in the program become their descriptors.
Result<std::vector<UniqueFd>> give_maps(const plan::Plan& plan,
                                        socktap::ebpf::Marshalled& marshalled) {
  std::vector<UniqueFd> maps;
  for (const plan::ThreadArray& array : plan.tables.thread_arrays) {
    maps.emplace_back(bpf_map_create(BPF_MAP_TYPE_HASH, "socktap_threads",
                                     socktap::ebpf::size_of(array.key), sizeof(__u64),
                                     array.capacity, nullptr));
    if (!maps.back().valid())
      return system_failure("cannot make a table for what threads have of their own", errno);
  }
  for (const socktap::ebpf::Relocation& relocation : marshalled.relocations)
    marshalled.instructions[relocation.at].imm = maps[relocation.map].get();
  return maps;
}

bool reads_tail(const socktap::ebpf::Program& program) {
  return std::ranges::any_of(program.lines, [](const socktap::ebpf::Line& line) {
    const auto* load = std::get_if<socktap::ebpf::Load>(&line.instruction);
    return load && load->base == socktap::ebpf::ExpressionCompiler::record &&
           load->offset >= static_cast<std::int32_t>(sizeof(Event));
  });
}

Result<socktap::ebpf::Marshalled> compiled(const plan::Plan& plan,
                                           const socktap::ebpf::ScriptOptions& options,
                                           ScriptPart& part) {
  const std::optional<socktap::ebpf::Program> program =
      socktap::ebpf::compile_script(plan, options);
  if (!program) return socktap::ebpf::Marshalled();
  part.reads_tail = part.reads_tail || reads_tail(*program);
  Result<socktap::ebpf::Marshalled> marshalled = socktap::ebpf::marshal(*program);
  if (!marshalled) return tl::unexpected(marshalled.error());
  if (marshalled->instructions.size() + skip_length > room)
    return failure(fmt::format("it takes {} instructions, and there is room for {}",
                               marshalled->instructions.size(), room - skip_length));
  return marshalled;
}

std::uint64_t random_number() {
  std::random_device device;
  return std::uniform_int_distribution<std::uint64_t>()(device);
}

// Whether the kernel can tell when programs that ran at some moment have ended.
bool can_wait_for_programs() {
  const long commands = ::syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
  return commands >= 0 && (commands & MEMBARRIER_CMD_GLOBAL) != 0;
}

// What the kernel has beside a hash map's keys and values, for each of its entries, about.
constexpr std::uint64_t cost_of_entry = 64;

Result<void> check_host(const plan::Plan& plan, const socktap::ebpf::MemoryLayout& layout) {
  std::uint64_t size = layout.size * ring_count();
  for (const plan::ThreadArray& array : plan.tables.thread_arrays)
    size += array.capacity * (socktap::ebpf::size_of(array.key) + sizeof(__u64) + cost_of_entry);
  if (size > most_memory)
    return failure(fmt::format("its arrays would take {} MB of the kernel's memory", size >> 20));
  if (!can_wait_for_programs())
    return failure("membarrier(2) cannot wait for programs to end on this kernel");
  return {};
}

void add_keeper(const plan::Plan& plan, pid_t target, ScriptPart& part) {
  part.layout = socktap::ebpf::memory_layout(plan);
  part.secret = random_number();
  Result<socktap::ebpf::Marshalled> keeper = check_host(plan, part.layout).and_then([&] {
    return compiled(plan, {.target = target, .secret = part.secret}, part);
  });
  Result<std::vector<UniqueFd>> maps =
      keeper.and_then([&plan](auto& marshalled) { return give_maps(plan, marshalled); });
  if (!maps) {
    part.limits.push_back("events are counted in user space: " + maps.error().message);
    return;
  }
  if (keeper->instructions.empty()) return;
  if (Result<void> taken = try_script_part(keeper->instructions, part.layout.size); !taken) {
    part.refusals.push_back(refusal_of_script_part("counted", taken.error()));
    return;
  }
  part.keeper = std::move(keeper->instructions);
  part.thread_maps = std::make_shared<std::vector<UniqueFd>>(std::move(*maps));
}

// Where the keeper is taken it is what may have to do instead, and a part of that.
void add_filter(const plan::Plan& plan, pid_t target, ScriptPart& part) {
  Result<socktap::ebpf::Marshalled> filter =
      compiled(plan, {.target = target, .keeps = false}, part);
  const bool is_fallback = !part.keeper.empty();
  if (!filter) {
    if (!is_fallback)
      part.limits.push_back("events are filtered in user space: " + filter.error().message);
    return;
  }
  if (filter->instructions.empty()) return;
  if (!is_fallback)
    if (Result<void> taken = try_script_part(filter->instructions, 0); !taken) {
      part.refusals.push_back(refusal_of_script_part("filtered", taken.error()));
      return;
    }
  part.filter = std::move(filter->instructions);
}

}  // namespace

ScriptPart script_part_of(const plan::Plan& plan, pid_t target) {
  ScriptPart part;
  if (!plan.tables.empty()) add_keeper(plan, target, part);
  add_filter(plan, target, part);
  return part;
}

std::string refusal_of_script_part(std::string_view what, const Error& refusal) {
  return fmt::format("events are {} in user space: {}{}", what, refusal.message,
                     refusal.hint.empty() ? "" : " (" + refusal.hint + ")");
}

Result<void> try_script_part(const std::vector<bpf_insn>& part, std::uint64_t memory) {
  const UniqueFd map(bpf_map_create(BPF_MAP_TYPE_ARRAY, "socktap_probe", sizeof(__u32),
                                    static_cast<__u32>(filterable_size + memory), 1, nullptr));
  if (!map.valid()) return system_failure("cannot make a table for what is kept", errno);
  const auto address_in_map = [&map](__u8 to) {
    return bpf_insn{.code = BPF_LD | BPF_DW | BPF_IMM,
                    .dst_reg = to,
                    .src_reg = BPF_PSEUDO_MAP_VALUE,
                    .imm = map.get()};
  };
  std::vector<bpf_insn> program{address_in_map(BPF_REG_1), {}};
  if (memory > 0)
    program.insert(program.end(), {address_in_map(BPF_REG_2), {.imm = filterable_size}});
  std::ranges::copy(part, std::back_inserter(program));
  program.push_back(leave);
  const int fd = load_raw(program);
  const UniqueFd loaded(std::max(fd, -1));
  if (fd >= 0) return {};
  // Before Linux 6.4 a log that is too long for its place lacks its end.
  std::vector<char> log(log_size);
  const int refusal = load_raw(program, BPF_PROG_TYPE_RAW_TRACEPOINT, log);
  return system_failure("cannot load the script's part", -fd,
                        refusal == -ENOSPC ? "" : reason_in(log.data()));
}

bool write_script_part(std::span<bpf_insn> program, std::span<const bpf_insn> part) {
  bool written = false;
  for (std::span<bpf_insn> rest = program; !rest.empty();) {
    const bool here = is_place(rest);
    if (here) write_at(rest.first(room), part);
    written = written || here;
    rest = rest.subspan(here ? room : 1);
  }
  return written;
}

}  // namespace socktap::sources::ebpf
