#include "sources/ebpf/program_types.h"

#include <bpf/bpf.h>
#include <linux/perf_event.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"
#include "sources/ebpf/raw_program.h"
#include "sources/ebpf/remedies.h"

namespace socktap::sources::ebpf {
namespace {

constexpr const char* kprobe_unit = "/sys/bus/event_source/devices/kprobe/type";

Result<void> refused(const char* what, int code) {
  return system_failure(what, code,
                        remedy_for(code == EACCES ? EPERM : code, "programs of that kind"));
}

struct Basic {
  std::string_view what;
  std::vector<bpf_insn> instructions;
};

// In the order in which kernels got them.
std::vector<Basic> basics() {
  return {
      {"the helper bpf_get_current_task_btf (Linux 5.11)",
       {call(BPF_FUNC_get_current_task_btf), return_0, leave}},
      {"atomic operations that return the old value (Linux 5.12)",
       {{.code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .off = -8},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = 1},
        {.code = BPF_STX | BPF_ATOMIC | BPF_DW,
         .dst_reg = BPF_REG_10,
         .src_reg = BPF_REG_1,
         .off = -8,
         .imm = BPF_ADD | BPF_FETCH},
        return_0,
        leave}},
      {"the helper bpf_task_pt_regs (Linux 5.15)",
       {call(BPF_FUNC_get_current_task_btf),
        {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_0},
        call(BPF_FUNC_task_pt_regs),
        return_0,
        leave}},
  };
}

// Returns the descriptor, or the negative errno.
int load(bpf_prog_type type, bpf_attach_type attach_type, int target,
         const std::vector<bpf_insn>& instructions = {return_0, leave}) {
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach_type,
              .attach_btf_id = static_cast<__u32>(target));
  return bpf_prog_load(type, "socktap_probe", "Dual BSD/GPL", instructions.data(),
                       instructions.size(), &options);
}

// By a program that a message of ours passes: it looks at the count that the kernel keeps of what
// forbids to preempt. `attach` gives its link.
template <typename Attach>
bool sends_are_preempted(int preempt_count, Attach attach) {
  constexpr std::uint32_t preempt_mask = 0xff;
  const UniqueFd map(bpf_map_create(BPF_MAP_TYPE_ARRAY, "socktap_probe", sizeof(std::uint32_t),
                                    sizeof(std::uint32_t), 1, nullptr));
  if (!map.valid()) return false;
  const UniqueFd link = attach({
      {.code = BPF_LD | BPF_DW | BPF_IMM,
       .dst_reg = BPF_REG_1,
       .src_reg = BPF_PSEUDO_BTF_ID,
       .imm = preempt_count},
      {},
      call(BPF_FUNC_this_cpu_ptr),
      {.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_0},
      {.code = BPF_ALU64 | BPF_AND | BPF_K, .dst_reg = BPF_REG_1, .imm = preempt_mask},
      {.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1, .imm = 1},
      {.code = BPF_LD | BPF_DW | BPF_IMM,
       .dst_reg = BPF_REG_2,
       .src_reg = BPF_PSEUDO_MAP_VALUE,
       .imm = map.get()},
      {},
      {.code = BPF_STX | BPF_MEM | BPF_W, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_1},
      return_0,
      leave,
  });
  int pair[2];
  if (!link.valid() || ::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) != 0) return false;
  const UniqueFd ends[] = {UniqueFd(pair[0]), UniqueFd(pair[1])};
  const bool sent = ::send(ends[0].get(), "", 1, MSG_NOSIGNAL) == 1;
  const std::uint32_t key = 0;
  std::uint32_t seen = 0;  // the count and 1
  return sent && bpf_map_lookup_elem(map.get(), &key, &seen) == 0 && seen == 1;
}

}  // namespace

Result<void> try_raw_tracepoint() {
  const int fd = load(BPF_PROG_TYPE_RAW_TRACEPOINT, bpf_attach_type{}, 0);
  if (fd < 0) return refused("cannot load it", -fd);
  const UniqueFd program(fd);
  const UniqueFd link(bpf_raw_tracepoint_open("sched_process_exit", program.get()));
  if (!link.valid()) return refused("cannot attach it", errno);
  return {};
}

Result<void> try_typed(bpf_attach_type type, int target) {
  const int fd = load(BPF_PROG_TYPE_TRACING, type, target);
  if (fd < 0) return refused("cannot load it", -fd);
  const UniqueFd program(fd);
  const UniqueFd link(bpf_raw_tracepoint_open(nullptr, program.get()));
  if (!link.valid()) return refused("cannot attach it", errno);
  return {};
}

// A kernel that has no objection to the type finds that the target is none.
Result<void> try_permission(bpf_attach_type type) {
  constexpr int no_function = 1;  // the first type is a number
  const int fd = load(BPF_PROG_TYPE_TRACING, type, no_function);
  const UniqueFd program(fd < 0 ? -1 : fd);
  if (fd == -EPERM || fd == -EACCES || fd == -ENOSYS) return refused("cannot load it", -fd);
  return {};
}

std::string missing_basic() {
  const std::vector<Basic> all = basics();
  // What has the last one has all, as far as it goes; so they are tried one by one only if not.
  if (const UniqueFd program(std::max(load_raw(all.back().instructions), -1)); program.valid())
    return {};
  for (const Basic& basic : all) {
    const int fd = load_raw(basic.instructions);
    const UniqueFd program(std::max(fd, -1));
    if (fd == -EINVAL) return std::string(basic.what);
  }
  return {};
}

std::string refusal_of_programs() {
  const int fd = load_raw({return_0, leave});
  const UniqueFd program(std::max(fd, -1));
  if (fd != -EPERM && fd != -EACCES && fd != -ENOSYS) return {};
  const std::string remedy = remedy_for(-fd, "");
  return std::strerror(-fd) + (remedy.empty() ? "" : "; " + remedy);
}

Result<void> try_older_basics() {
  const auto lacks = [](const char* what) {
    return failure("the kernel's eBPF lacks " + std::string(what),
                   "a newer kernel: socktap is made for Linux 5.10 and newer", EINVAL);
  };
#if !defined(__x86_64__)
  return lacks("what this machine's programs are made of (Linux 5.15 with CONFIG_DEBUG_INFO_BTF)");
#else
  LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
  const int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "socktap_probe", sizeof(std::uint32_t),
                                 sizeof(std::uint64_t), 1, &options);
  const UniqueFd created(std::max(map, -1));
  if (map == -EINVAL) return lacks("arrays that can be mapped (Linux 5.5)");
  const int fd =
      load_raw({{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_10},
                {.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1, .imm = -8},
                {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 8},
                {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_3},
                call(BPF_FUNC_probe_read_kernel),
                return_0,
                leave});
  const UniqueFd program(std::max(fd, -1));
  if (fd == -EINVAL) return lacks("the helper bpf_probe_read_kernel (Linux 5.5)");
  return {};
#endif
}

Result<void> try_kprobe(const char* function) {
  std::ifstream file(kprobe_unit);
  std::uint32_t type = 0;
  if (!(file >> type))
    return tl::unexpected(Error{.message = "the kernel has no kprobes",
                                .hint = "a kernel with CONFIG_KPROBES and CONFIG_KPROBE_EVENTS",
                                .code = ENODEV});
  const int fd = load(BPF_PROG_TYPE_KPROBE, bpf_attach_type{}, 0);
  if (fd < 0) return refused("cannot load it", -fd);
  const UniqueFd program(fd);
  perf_event_attr attributes = {};
  attributes.type = type;
  attributes.size = sizeof(attributes);
  attributes.config1 = reinterpret_cast<std::uint64_t>(function);
  const UniqueFd event(static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!event.valid()) return refused("cannot attach it", errno);
  return {};
}

bool kernel_is_preempted() {
  utsname names = {};
  ::uname(&names);
  if (std::string_view(names.version).find("PREEMPT") == std::string_view::npos) return false;
  std::ifstream file("/sys/kernel/debug/sched/preempt");  // "none (voluntary) full"
  std::string line;
  std::getline(file, line);
  return line.find("(none)") == std::string::npos && line.find("(voluntary)") == std::string::npos;
}

bool tracepoints_are_preempted(int preempt_count) {
  return preempt_count != 0 && kernel_is_preempted() &&
         sends_are_preempted(preempt_count, [](const std::vector<bpf_insn>& instructions) {
           const UniqueFd program(std::max(load_raw(instructions), -1));
           return UniqueFd(bpf_raw_tracepoint_open("sock_send_length", program.get()));
         });
}

bool hooks_are_preempted(int preempt_count, int function) {
  return kernel_is_preempted() &&
         (preempt_count == 0 ||
          sends_are_preempted(preempt_count, [function](const std::vector<bpf_insn>& instructions) {
            const UniqueFd program(std::max(
                load(BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, function, instructions), -1));
            return UniqueFd(bpf_raw_tracepoint_open(nullptr, program.get()));
          }));
}

}  // namespace socktap::sources::ebpf
