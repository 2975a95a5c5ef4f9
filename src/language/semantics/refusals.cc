#include "language/semantics/refusals.h"

#include <algorithm>
#include <span>

#include "language/semantics/point_name.h"

namespace socktap::language::semantics {
namespace {

constexpr std::string_view use_socket =
    "socket.* shows messages, creation and release of sockets of every family";
constexpr std::string_view not_sockets = "not about sockets";
constexpr Refusal families[] = {
    {"kernel", "needs kernel debuginfo and a compiler at run time", use_socket},
    {"module", "needs kernel debuginfo and a compiler at run time", use_socket},
    {"process", "needs debuginfo of the program and uprobes",
     "process.begin and process.end are offered, of the processes of -c or -x"},
    {"procfs", "needs a kernel module that makes the file",
     "print from timer.s(n), or at the end of the run"},
    {"dw_syscall", "its system calls are those of syscall.*", "use syscall.NAME"},
    {"tp_syscall", "its system calls are those of syscall.*", "use syscall.NAME"},
    {"tcp", "needs a hook inside TCP",
     "tcp.sendmsg, tcp.recvmsg, tcp.disconnect and their .return, and tcp.receive are offered"},
    {"udp", "needs a hook inside UDP",
     "udp.sendmsg, udp.recvmsg, udp.disconnect and their .return are offered"},
    {"netdev", "of network devices, packets are all that is offered",
     "netdev.transmit and netdev.receive"},
    {"netfilter", "needs a kernel module that registers the hook", use_socket},
    {"perf", "hardware counters are not offered", "use timer.profile"},
    {"java", "needs SystemTap's agent inside the Java machine", use_socket},
    {"python*", "needs SystemTap's module inside the interpreter", use_socket},
    {"kprobe", "kernel functions differ from kernel to kernel", use_socket},
    {"*kprocess", not_sockets, use_socket},
    {"generic", not_sockets, use_socket},
    {"ioblock*", not_sockets, use_socket},
    {"ioscheduler*", not_sockets, use_socket},
    {"irq_handler", not_sockets, use_socket},
    {"nfs*", not_sockets, use_socket},
    {"scheduler", not_sockets, use_socket},
    {"scsi", not_sockets, use_socket},
    {"signal", not_sockets, use_socket},
    {"softirq", not_sockets, use_socket},
    {"sunrpc", not_sockets, use_socket},
    {"tty", not_sockets, use_socket},
    {"vfs", not_sockets, use_socket},
    {"vm", not_sockets, use_socket},
    {"workqueue", not_sockets, use_socket},
    {"prometheus", "needs a procfs file that a kernel module makes",
     "print from timer.s(n), or at the end of the run"},
    {"json_data", "needs a procfs file that a kernel module makes",
     "print from timer.s(n), or at the end of the run"},
    {"input", "standard input is not offered", ""},
    {"stap", "SystemTap's own passes", ""},
    {"tcpmib", "network statistics are not offered", "cat /proc/net/snmp"},
    {"ipmib", "network statistics are not offered", "cat /proc/net/snmp"},
    {"linuxmib", "network statistics are not offered", "cat /proc/net/netstat"},
};

constexpr Refusal operators[] = {
    {"@entry", "it takes one argument, in the handler of a probe point that is a return",
     "@entry(gettimeofday_us())"},
    {"@cast", "it reads kernel memory by a type's layout and needs debuginfo",
     "socket.* has the socket's properties as variables"},
    {"@var", "it reads a program's variable and needs debuginfo", ""},
    {"@const", "it reads a C constant and needs kernel headers", "write the number"},
    {"@perf", "hardware counters are not offered", ""},
    {"@kderef", "it reads kernel memory", ""},
    {"@uderef", "it reads a program's memory", ""},
    {"@kregister", "no registers are kept", ""},
    {"@uregister", "no registers are kept", ""},
};

constexpr std::string_view kernel_memory = "it reads the kernel's memory";
constexpr std::string_view program_memory = "it reads the program's memory";
constexpr std::string_view symbols = "it needs symbols or debuginfo";
constexpr std::string_view no_registers = "no registers are kept";
constexpr std::string_view guru = "it changes what it observes";
constexpr std::string_view device_numbers = "device numbers are not offered";
constexpr std::string_view floating_point = "floating-point numbers are not offered";
constexpr Refusal functions[] = {
    {"kernel_*", kernel_memory, ""},
    {"user_*", program_memory, ""},
    {"set_kernel_*", guru, ""},
    {"set_user_*", guru, ""},
    {"symname", symbols, ""},
    {"symdata", symbols, ""},
    {"symfile*", symbols, ""},
    {"symline", symbols, ""},
    {"usym*", symbols, ""},
    {"umod*", symbols, ""},
    {"modname", symbols, ""},
    {"print_*", symbols, ""},
    {"sprint_*", symbols, ""},
    {"backtrace", symbols, ""},
    {"ubacktrace", symbols, ""},
    {"callers", symbols, ""},
    {"ucallers", symbols, ""},
    {"addr", no_registers, ""},
    {"uaddr", no_registers, ""},
    {"register", no_registers, ""},
    {"u_register", no_registers, ""},
    {"user_mode", no_registers, ""},
    {"probing_32bit_app", no_registers, ""},
    {"MAJOR", device_numbers, ""},
    {"MINOR", device_numbers, ""},
    {"MKDEV", device_numbers, ""},
    {"usrdev2kerndev", device_numbers, ""},
    {"fp_*", floating_point, ""},
    {"*_to_fp", floating_point, ""},
    {"fp32_to_fp64", floating_point, ""},
    {"task_*", kernel_memory, "task_execname, _parent, _pid, _tid, _uid and _gid are offered"},
    {"proc_mem_*", kernel_memory, ""},
    {"tcp_get_info_*", kernel_memory, ""},
    {"tcp_ts_get_info_*", kernel_memory, ""},
    {"tcp_sockstate_str", kernel_memory, ""},
    {"tcpmib_*", kernel_memory, ""},
    {"ipmib_*", kernel_memory, ""},
    {"linuxmib_*", kernel_memory, ""},
    {"inet_get_*", kernel_memory, ""},
    {"*_from_clnt", kernel_memory, ""},
    {"addr_from_rqst*", kernel_memory, ""},
    {"addr_to_node", kernel_memory, ""},
    {"atomic_read", kernel_memory, ""},
    {"atomic_long_read", kernel_memory, ""},
    {"bio_rw_*", kernel_memory, ""},
    {"d_name", kernel_memory, ""},
    {"d_path", kernel_memory, ""},
    {"fullpath_*", kernel_memory, ""},
    {"inode_name", kernel_memory, ""},
    {"inode_path", kernel_memory, ""},
    {"reverse_path_walk", kernel_memory, ""},
    {"get_sigaction_mask", kernel_memory, ""},
    {"get_sa_*", kernel_memory, ""},
    {"vm_fault_contains", kernel_memory, ""},
    {"signal_str", not_sockets, ""},
    {"sa_flags_str", not_sockets, ""},
    {"sa_handler_str", not_sockets, ""},
    {"sigset_mask_str", not_sockets, ""},
    {"is_sig_blocked", not_sockets, ""},
    {"syscall_*", "system calls are known by their names", "use the variable `name` of syscall.*"},
    {"python_*", symbols, ""},
    {"pstrace", symbols, ""},
    {"caller", symbols, ""},
    {"caller_addr", symbols, ""},
    {"stack", symbols, ""},
    {"ustack", symbols, ""},
    {"pnlabel", symbols, ""},
    {"probemod", symbols, ""},
    {"json_*", "it needs a procfs file that a kernel module makes", "printf prints JSON too"},
    {"qs*", "queue statistics are not offered", ""},
    {"raise", guru, ""},
    {"panic", guru, ""},
    {"mdelay", guru, ""},
    {"udelay", guru, ""},
    {"printk", guru, "log() prints a line"},
    {"system", "scripts run no commands", ""},
};

const Refusal* find(std::span<const Refusal> refusals, std::string_view name) {
  const auto found = std::ranges::find_if(
      refusals, [&](const Refusal& refusal) { return matches(refusal.name, name); });
  return found == refusals.end() ? nullptr : &*found;
}

}  // namespace

const Refusal* find_refused_family(std::string_view family) { return find(families, family); }
const Refusal* find_refused_operator(std::string_view name) { return find(operators, name); }
const Refusal* find_refused_function(std::string_view name) { return find(functions, name); }

}  // namespace socktap::language::semantics
