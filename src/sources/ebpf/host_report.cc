#include "sources/ebpf/host_report.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "base/unique_fd.h"

namespace socktap::sources::ebpf {
namespace {

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::optional<int> number_in(const char* path) {
  std::ifstream file(path);
  int number = 0;
  if (file >> number) return number;
  return std::nullopt;
}

// "none [integrity] confidentiality": the brackets tell which.
std::string lockdown() {
  const std::string line = first_line("/sys/kernel/security/lockdown");
  const std::size_t begin = line.find('[');
  const std::size_t end = line.find(']');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return line.substr(begin + 1, end - begin - 1);
}

// A container's root may have none of them.
bool has_capabilities() {
  constexpr int of_sys_admin = 21, of_perfmon = 38, of_bpf = 39;
  std::ifstream file("/proc/self/status");
  std::uint64_t effective = 0;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("CapEff:")) effective = std::stoull(line.substr(7), nullptr, 16);
  const auto has = [effective](int capability) { return (effective >> capability & 1) != 0; };
  return has(of_sys_admin) || (has(of_bpf) && has(of_perfmon));
}

std::string remedy_for_programs(int code) {
  if (code == EPERM || code == EACCES) {
    if (!has_capabilities()) return "root, or CAP_BPF and CAP_PERFMON";
    return "a kernel and a container that allow it: lockdown, seccomp or a security module forbid "
           "it, or the kernel was built without it";
  }
  if (code == ENOSYS) return "a kernel with CONFIG_BPF_SYSCALL";
  return "a newer kernel, or one built with it";
}

ProgramType refused(std::string name, const char* what, int code) {
  return {.name = std::move(name),
          .reason = std::string(what) + ": " + std::strerror(code),
          .remedy = remedy_for_programs(code)};
}

// `return 0`. Returns the descriptor, or the negative errno.
int load(bpf_prog_type type, bpf_attach_type attach_type, int btf_id) {
  const bpf_insn instructions[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT},
  };
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach_type,
              .attach_btf_id = static_cast<__u32>(btf_id));
  return bpf_prog_load(type, "socktap_probe", "Dual BSD/GPL", instructions, std::size(instructions),
                       &options);
}

ProgramType try_raw_tracepoint() {
  const std::string name = "raw tracepoint";
  const int fd = load(BPF_PROG_TYPE_RAW_TRACEPOINT, bpf_attach_type{}, 0);
  if (fd < 0) return refused(name, "cannot load it", -fd);
  const UniqueFd program(fd);
  const UniqueFd link(bpf_raw_tracepoint_open("sched_process_exit", program.get()));
  if (!link.valid()) return refused(name, "cannot attach it", errno);
  return {.name = name, .works = true};
}

ProgramType try_typed(std::string name, bpf_attach_type type, const char* target) {
  const int btf_id = libbpf_find_vmlinux_btf_id(target, type);
  if (btf_id < 0)
    return {.name = std::move(name),
            .reason = std::string("the kernel's types do not have ") + target,
            .remedy = "a kernel with CONFIG_DEBUG_INFO_BTF"};
  const int fd = load(BPF_PROG_TYPE_TRACING, type, btf_id);
  if (fd < 0) return refused(std::move(name), "cannot load it", -fd);
  const UniqueFd program(fd);
  const UniqueFd link(bpf_raw_tracepoint_open(nullptr, program.get()));
  if (!link.valid()) return refused(std::move(name), "cannot attach it", errno);
  return {.name = std::move(name), .works = true};
}

ProgramType try_kprobe() {
  const std::string name = "kprobe";
  const std::optional<int> type = number_in("/sys/bus/event_source/devices/kprobe/type");
  if (!type)
    return {.name = name,
            .reason = "the kernel has no kprobes",
            .remedy = "a kernel with CONFIG_KPROBES and CONFIG_KPROBE_EVENTS"};
  const int fd = load(BPF_PROG_TYPE_KPROBE, bpf_attach_type{}, 0);
  if (fd < 0) return refused(name, "cannot load it", -fd);
  const UniqueFd program(fd);
  perf_event_attr attributes = {};
  attributes.type = static_cast<__u32>(*type);
  attributes.size = sizeof(attributes);
  attributes.config1 = reinterpret_cast<__u64>("sock_recvmsg");
  const UniqueFd event(static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!event.valid()) return refused(name, "cannot attach it", errno);
  return {.name = name, .works = true};
}

}  // namespace

HostReport inspect_host() {
  HostReport report;
  utsname names = {};
  ::uname(&names);
  report.kernel = names.release;
  report.machine = names.machine;
  report.btf = ::access("/sys/kernel/btf/vmlinux", R_OK) == 0;
  report.lockdown = lockdown();
  report.unprivileged_bpf_disabled =
      number_in("/proc/sys/kernel/unprivileged_bpf_disabled").value_or(-1);
  report.perf_event_paranoid = number_in("/proc/sys/kernel/perf_event_paranoid").value_or(-1);
  report.io_uring_disabled = number_in("/proc/sys/kernel/io_uring_disabled").value_or(-1);

  libbpf_set_print([](libbpf_print_level, const char*, va_list) { return 0; });
  report.program_types.push_back(
      try_typed("typed raw tracepoint (tp_btf)", BPF_TRACE_RAW_TP, "sched_process_exit"));
  report.program_types.push_back(try_raw_tracepoint());
  report.program_types.push_back(
      try_typed("function entry (fentry)", BPF_TRACE_FENTRY, "sock_recvmsg"));
  report.program_types.push_back(
      try_typed("function exit (fexit)", BPF_TRACE_FEXIT, "sock_recvmsg"));
  report.program_types.push_back(try_kprobe());
  return report;
}

}  // namespace socktap::sources::ebpf
