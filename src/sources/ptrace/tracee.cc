#include "sources/ptrace/tracee.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <string>

#include "base/unique_fd.h"

namespace socktap::sources::ptrace {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t own_architecture = 0;
#endif

bool asked(long answer) { return answer >= 0; }

void* as_pointer(unsigned long number) {
  return reinterpret_cast<void*>(number);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace

Result<void> seize(pid_t thread, bool filtered) {
  unsigned long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                          PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT;
  if (filtered) options |= PTRACE_O_TRACESECCOMP;
  if (asked(::ptrace(PTRACE_SEIZE, thread, nullptr, as_pointer(options)))) return {};
  return system_failure("cannot trace process " + std::to_string(thread) + " by ptrace", errno);
}

void resume(pid_t thread, Resume how, int signal) {
  const auto request = how == Resume::run ? PTRACE_CONT : PTRACE_SYSCALL;
  ::ptrace(request, thread, nullptr, as_pointer(static_cast<unsigned long>(signal)));
}

void leave_stopped(pid_t thread) { ::ptrace(PTRACE_LISTEN, thread, nullptr, nullptr); }

void interrupt(pid_t thread) { ::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr); }

std::optional<TracedCall> call_of(pid_t thread) {
  __ptrace_syscall_info info{};
  if (!asked(::ptrace(static_cast<__ptrace_request>(PTRACE_GET_SYSCALL_INFO), thread,
                      as_pointer(sizeof info), &info)))
    return std::nullopt;
  TracedCall call{.compat = info.arch != own_architecture};
  switch (info.op) {
    case PTRACE_SYSCALL_INFO_ENTRY:
      call.number = info.entry.nr;
      std::copy(std::begin(info.entry.args), std::end(info.entry.args), call.arguments.begin());
      return call;
    case PTRACE_SYSCALL_INFO_SECCOMP:
      call.number = info.seccomp.nr;
      std::copy(std::begin(info.seccomp.args), std::end(info.seccomp.args), call.arguments.begin());
      return call;
    case PTRACE_SYSCALL_INFO_EXIT:
      call.ended = true;
      call.result = info.exit.rval;
      return call;
    default:
      return std::nullopt;
  }
}

std::optional<KilledCall> killed_call(pid_t thread, std::uint64_t first_argument) {
  user_regs_struct registers{};
  iovec all{&registers, sizeof registers};
  if (!asked(::ptrace(PTRACE_GETREGSET, thread, as_pointer(NT_PRSTATUS), &all)))
    return std::nullopt;
#if defined(__x86_64__)
  constexpr std::size_t size_of_compat = 17 * sizeof(std::uint32_t);  // i386's registers
  auto result = static_cast<std::int64_t>(registers.rax);
  if (all.iov_len == size_of_compat) {
    constexpr std::size_t eax = 6;
    std::int32_t narrow = 0;
    std::memcpy(&narrow, reinterpret_cast<const char*>(&registers) + eax * sizeof narrow,
                sizeof narrow);
    result = narrow;
  }
  static_cast<void>(first_argument);
  return KilledCall{.ran = result != -ENOSYS, .result = result};  // that until it has one
#elif defined(__aarch64__)
  const auto result = static_cast<std::int64_t>(registers.regs[0]);
  return KilledCall{.ran = registers.regs[0] != first_argument, .result = result};
#else
  return std::nullopt;
#endif
}

std::optional<unsigned long> message_of_event(pid_t thread) {
  unsigned long message = 0;
  if (!asked(::ptrace(PTRACE_GETEVENTMSG, thread, nullptr, &message))) return std::nullopt;
  return message;
}

bool read_memory(pid_t thread, std::uint64_t address, void* to, std::size_t size) {
  const iovec local{to, size};
  const iovec remote{as_pointer(address), size};
  const ssize_t length = ::process_vm_readv(thread, &local, 1, &remote, 1, 0);
  if (length >= 0 || (errno != EPERM && errno != ENOSYS))
    return length == static_cast<ssize_t>(size);
  // A container's filter may refuse that call, and not this file.
  const std::string path = "/proc/" + std::to_string(thread) + "/mem";
  const UniqueFd memory(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return ::pread(memory.get(), to, size, static_cast<off_t>(address)) == static_cast<ssize_t>(size);
}

}  // namespace socktap::sources::ptrace
