#include "sources/ebpf/host_report.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "sources/ebpf/load_log.h"
#include "sources/ebpf/program_types.h"
#include "sources/ebpf/remedies.h"

namespace socktap::sources::ebpf {
namespace {

std::optional<int> number_in(const char* path) {
  std::ifstream file(path);
  int number = 0;
  if (file >> number) return number;
  return std::nullopt;
}

ProgramType report_on(std::string name, const Result<void>& tried) {
  if (tried) return {.name = std::move(name), .works = true};
  return {.name = std::move(name), .reason = tried.error().message, .remedy = tried.error().hint};
}

ProgramType try_target(std::string name, bpf_attach_type type, const char* target) {
  const int btf_id = libbpf_find_vmlinux_btf_id(target, type);
  if (btf_id < 0)
    return {.name = std::move(name),
            .reason = std::string("the kernel's types do not have ") + target,
            .remedy = "a kernel with CONFIG_DEBUG_INFO_BTF"};
  return report_on(std::move(name), try_typed(type, btf_id));
}

}  // namespace

HostReport inspect_host() {
  HostReport report;
  utsname names = {};
  ::uname(&names);
  report.kernel = names.release;
  report.machine = names.machine;
  report.btf = ::access("/sys/kernel/btf/vmlinux", R_OK) == 0;
  report.cgroups = cgroup_version();
  report.lockdown = lockdown();
  report.unprivileged_bpf_disabled =
      number_in("/proc/sys/kernel/unprivileged_bpf_disabled").value_or(-1);
  report.perf_event_paranoid = number_in("/proc/sys/kernel/perf_event_paranoid").value_or(-1);
  report.io_uring_disabled = number_in("/proc/sys/kernel/io_uring_disabled").value_or(-1);

  const LoadLog quiet;
  report.program_types.push_back(
      try_target("typed raw tracepoint (tp_btf)", BPF_TRACE_RAW_TP, "sched_process_exit"));
  report.program_types.push_back(report_on("raw tracepoint", try_raw_tracepoint()));
  report.program_types.push_back(
      try_target("function entry (fentry)", BPF_TRACE_FENTRY, tried_function));
  report.program_types.push_back(
      try_target("function exit (fexit)", BPF_TRACE_FEXIT, tried_function));
  report.program_types.push_back(report_on("kprobe", try_kprobe(tried_function)));
  return report;
}

}  // namespace socktap::sources::ebpf
