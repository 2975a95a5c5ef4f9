#include "language/semantics/refusals.h"

#include <algorithm>
#include <iterator>

namespace socktap::language::semantics {
namespace {

constexpr std::string_view use_socket =
    "socket.* shows messages, creation and release of sockets of every family";
constexpr Refusal families[] = {
    {"kernel", "needs kernel debuginfo and a compiler at run time", use_socket},
    {"module", "needs kernel debuginfo and a compiler at run time", use_socket},
    {"process", "needs debuginfo of the program and uprobes", use_socket},
    {"procfs", "needs a kernel module that makes the file",
     "print from timer.s(n), or at the end of the run"},
    {"syscall", "system calls are not offered yet", use_socket},
    {"nd_syscall", "system calls are not offered yet", use_socket},
    {"tcp", "TCP's own probe points are not offered yet",
     "use socket.send or socket.receive and test protocol == 6"},
    {"udp", "UDP's own probe points are not offered yet",
     "use socket.send or socket.receive and test protocol == 17"},
    {"netdev", "network devices are not offered yet", use_socket},
    {"netfilter", "needs a kernel module that registers the hook", use_socket},
    {"perf", "hardware counters are not offered", "use timer.profile"},
    {"java", "needs SystemTap's agent inside the Java machine", use_socket},
    {"python2", "needs SystemTap's module inside the interpreter", use_socket},
    {"python3", "needs SystemTap's module inside the interpreter", use_socket},
    {"vm", "not about sockets", use_socket},
    {"ioblock", "not about sockets", use_socket},
    {"scheduler", "not about sockets", use_socket},
    {"signal", "not about sockets", use_socket},
    {"vfs", "not about sockets", use_socket},
    {"nfs", "not about sockets", use_socket},
    {"kprobe", "kernel functions differ from kernel to kernel", use_socket},
    {"kprocess", "not about sockets", use_socket},
    {"syscall_any", "system calls are not offered yet", use_socket},
    {"nfsd", "not about sockets", use_socket},
    {"irq_handler", "not about sockets", use_socket},
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
    {"@entry", "it keeps a value from a function's entry",
     "save it yourself: started[tid()] = ... in the probe without .return; or use `latency`"},
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

// Names, or with a '*' at the end what names begin with.
constexpr std::string_view kernel_memory = "it reads the kernel's memory";
constexpr std::string_view program_memory = "it reads the program's memory";
constexpr std::string_view symbols = "it needs symbols or debuginfo";
constexpr std::string_view no_registers = "no registers are kept";
constexpr std::string_view guru = "it changes what it observes";
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
    {"json_*", "it needs a procfs file that a kernel module makes", "printf prints JSON too"},
    {"qs*", "queue statistics are not offered", ""},
    {"speculat*", "speculative output is not offered", "collect strings in an array"},
    {"raise", guru, ""},
    {"panic", guru, ""},
    {"mdelay", guru, ""},
    {"udelay", guru, ""},
    {"printk", guru, "log() prints a line"},
    {"system", "scripts run no commands", ""},
};

bool covers(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return pattern == name;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

}  // namespace

const Refusal* find_refused_family(std::string_view family) {
  const auto* found = std::ranges::find(families, family, &Refusal::name);
  return found == std::end(families) ? nullptr : found;
}

const Refusal* find_refused_operator(std::string_view name) {
  const auto* found = std::ranges::find(operators, name, &Refusal::name);
  return found == std::end(operators) ? nullptr : found;
}

const Refusal* find_refused_function(std::string_view function) {
  const auto* found = std::ranges::find_if(
      functions, [&](const Refusal& refusal) { return covers(refusal.name, function); });
  return found == std::end(functions) ? nullptr : found;
}

}  // namespace socktap::language::semantics
