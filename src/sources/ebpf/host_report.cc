#include "sources/ebpf/host_report.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <linux/bpf.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <memory>
#include <system_error>

#include "base/unique_fd.h"

namespace socktap::sources::ebpf {
namespace {

struct BtfDeleter {
  void operator()(btf* types) const { btf__free(types); }
};
using Btf = std::unique_ptr<btf, BtfDeleter>;

struct Trial {
  const char* name;
  bpf_prog_type type;
  bpf_attach_type attach;
  const char* target;  // the name and kind in BTF of what a typed program attaches to; else null
  __u32 target_kind;
  const char* device;  // what must exist besides for attaching; else null
};

constexpr Trial trials[] = {
    {"raw tracepoint", BPF_PROG_TYPE_RAW_TRACEPOINT, {}, nullptr, 0, nullptr},
    {"typed tracepoint", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, "btf_trace_sys_enter",
     BTF_KIND_TYPEDEF, nullptr},
    {"fentry", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, "__sys_sendto", BTF_KIND_FUNC, nullptr},
    {"fexit", BPF_PROG_TYPE_TRACING, BPF_TRACE_FEXIT, "__sys_sendto", BTF_KIND_FUNC, nullptr},
    {"kprobe", BPF_PROG_TYPE_KPROBE, {}, nullptr, 0, "/sys/bus/event_source/devices/kprobe/type"},
};

// What would help against a refusal, as far as an errno tells.
std::string remedy_for(int code) {
  if (code != EPERM && code != EACCES) return {};
  return ::geteuid() == 0
             ? "a policy of this host refuses the type, or CAP_BPF and CAP_PERFMON are missing"
             : "needs root, or CAP_BPF and CAP_PERFMON";
}

ProgramType refused(const Trial& trial, int code) {
  return {trial.name, false, std::generic_category().message(code), remedy_for(code)};
}

ProgramType attempt(const Trial& trial, const btf* types) {
  // r0 = 0; exit
  const bpf_insn body[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0},
                           {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  LIBBPF_OPTS(bpf_prog_load_opts, options);
  options.expected_attach_type = trial.attach;
  if (trial.target != nullptr) {
    const int id =
        types == nullptr ? -ENOENT : btf__find_by_name_kind(types, trial.target, trial.target_kind);
    if (id < 0)
      return {trial.name, false, "the kernel's BTF has no " + std::string(trial.target), ""};
    options.attach_btf_id = static_cast<__u32>(id);
  }
  const UniqueFd program(
      bpf_prog_load(trial.type, "socktap_trial", "Dual BSD/GPL", body, std::size(body), &options));
  if (!program.valid()) return refused(trial, errno);
  if (trial.type == BPF_PROG_TYPE_TRACING) {
    // Loading is not enough: a trampoline may be refused when the program is attached.
    const UniqueFd link(bpf_raw_tracepoint_open(nullptr, program.get()));
    if (!link.valid()) return refused(trial, errno);
  }
  if (trial.device != nullptr && ::access(trial.device, F_OK) != 0) {
    return {trial.name, false, "the kernel has no kprobes", "CONFIG_KPROBES"};
  }
  return {trial.name, true, "", ""};
}

}  // namespace

HostReport report_host() {
  HostReport report;
  utsname kernel{};
  ::uname(&kernel);
  report.kernel_release = kernel.release;
  report.architecture = kernel.machine;
  const Btf types(btf__load_vmlinux_btf());
  report.has_btf = types != nullptr;
  if (!report.has_btf) {
    report.btf_remedy = "run a kernel built with CONFIG_DEBUG_INFO_BTF";
  }
  for (const Trial& trial : trials) report.program_types.push_back(attempt(trial, types.get()));
  return report;
}

}  // namespace socktap::sources::ebpf
