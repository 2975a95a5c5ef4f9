#include "sources/ptrace/call_filter.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "base/unique_fd.h"
#include "sources/calls/call_forms.h"
#include "sources/calls/call_table.h"
#include "sources/ptrace/message_call.h"
#include "sources/ptrace/releases.h"
#include "sources/ptrace/sharing.h"

namespace socktap::sources::ptrace {
namespace {

using tapset::Operation;

struct Release {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

bool asks_for_sockets(const Interest& interest) {
  return std::ranges::any_of(
      std::array{Operation::send, Operation::receive, Operation::close, Operation::disconnect},
      [&](Operation operation) { return interest.wants(operation); });
}

// Descriptors that go are to be known: they may come to lead to something else.
bool is_needed(socktap_call kind, const Interest& interest) {
  if (kind == SOCKTAP_CALL_OTHER || kind == SOCKTAP_CALL_IO_SUBMIT) return false;
  if (kind == SOCKTAP_CALL_SOCKETCALL) return true;
  if (kind == SOCKTAP_CALL_SOCKET || kind == SOCKTAP_CALL_SOCKETPAIR)
    return interest.wants(Operation::create) || interest.wants(Operation::close);
  if (is_close(kind)) return asks_for_sockets(interest);
  if (kind == SOCKTAP_CALL_CONNECT)
    return interest.wants(Operation::disconnect) || interest.fields.contains(tapset::Field::state);
  return makes_wanted_messages(kind, interest) ||
         (may_pass_descriptors(kind) && interest.wants(Operation::close));
}

Result<Filter> empty_filter(std::uint32_t architecture) {
  Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return failure("cannot make a filter for system calls");
  if (architecture != SCMP_ARCH_NATIVE) {
    ::seccomp_arch_remove(filter.get(), SCMP_ARCH_NATIVE);
    if (const int error = ::seccomp_arch_add(filter.get(), architecture); error != 0)
      return system_failure("cannot make a filter for 32-bit programs", -error);
  }
  constexpr int by_binary_search = 2;
  ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, by_binary_search);
  ::seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
  return filter;
}

// Rules name calls as the machine's own programs number them, or by a number below 0 that is no
// program's, whatever the filter's architecture.
int rule_number(std::uint32_t architecture, std::size_t number) {
  if (architecture == SCMP_ARCH_NATIVE) return static_cast<int>(number);
  char* name = ::seccomp_syscall_resolve_num_arch(architecture, static_cast<int>(number));
  const int own = name ? ::seccomp_syscall_resolve_name(name) : __NR_SCMP_ERROR;
  std::free(name);  // NOLINT(cppcoreguidelines-no-malloc): libseccomp's
  return own;
}

// Calls of that number stop the program: all, or those that meet the condition.
Result<void> add_rule(void* filter, int call, std::span<const scmp_arg_cmp> condition = {}) {
  const int error = ::seccomp_rule_add_array(
      filter, SCMP_ACT_TRACE(0), call, static_cast<unsigned>(condition.size()), condition.data());
  if (error == 0 || error == -EEXIST) return {};
  return system_failure("cannot filter system call " + std::to_string(call), -error);
}

struct Architecture {
  std::uint32_t number;
  const CallTable& kinds;
  const __u16 (&forms)[SOCKTAP_CALL_NUMBERS];
};

// Those of an architecture that are asked for as what happens to sockets, or as such.
Result<void> add_calls(void* filter, const Architecture& architecture, const Interest& interest) {
  for (std::size_t number = 0; number < architecture.kinds.size(); ++number) {
    if (!is_needed(static_cast<socktap_call>(architecture.kinds[number]), interest) &&
        architecture.forms[number] == 0)
      continue;
    const int rule = rule_number(architecture.number, number);
    if (rule == __NR_SCMP_ERROR)
      return failure("libseccomp does not know system call " + std::to_string(number));
    if (auto added = add_rule(filter, rule); !added) return added;
  }
  return {};
}

// What changes descriptors beside the calls of the table.
Result<void> add_duplications(void* filter, const Interest& interest) {
  const scmp_arg_cmp of_descriptors[] = {{0, SCMP_CMP_MASKED_EQ, CLONE_FILES, CLONE_FILES}};
  if (auto added = add_rule(filter, SCMP_SYS(unshare), of_descriptors); !added) return added;
  if (!interest.wants(Operation::close)) return {};
  if (auto added = add_rule(filter, SCMP_SYS(dup)); !added) return added;
  for (const int call : {SCMP_SYS(fcntl), SCMP_SYS(fcntl64)})
    for (const scmp_datum_t command : {scmp_datum_t{F_DUPFD}, scmp_datum_t{F_DUPFD_CLOEXEC}}) {
      const scmp_arg_cmp of_duplicates[] = {{1, SCMP_CMP_EQ, command, 0}};
      if (auto added = add_rule(filter, call, of_duplicates); !added) return added;
    }
  return {};
}

Result<std::vector<sock_filter>> exported(void* filter) {
  const UniqueFd file(::memfd_create("filter", MFD_CLOEXEC));
  if (!file.valid()) return system_failure("cannot write a filter down", errno);
  if (const int error = ::seccomp_export_bpf(filter, file.get()); error != 0)
    return system_failure("cannot write a filter down", -error);
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  std::vector<sock_filter> instructions(static_cast<std::size_t>(size) / sizeof(sock_filter));
  if (::pread(file.get(), instructions.data(), static_cast<std::size_t>(size), 0) != size)
    return system_failure("cannot read a filter back", errno);
  return instructions;
}

Result<Filter> filter_for(const Architecture& architecture, const Interest& interest) {
  auto filter = empty_filter(architecture.number);
  if (!filter) return filter;
  if (auto added = add_calls(filter->get(), architecture, interest); !added)
    return tl::unexpected(added.error());
  if (auto added = add_duplications(filter->get(), interest); !added)
    return tl::unexpected(added.error());
  return filter;
}

}  // namespace

Result<std::vector<sock_filter>> call_filter(const Interest& interest) {
  const auto settings = std::make_unique<socktap_call_settings>(call_settings_for(interest.calls));
  if (settings->unknown_forms != 0) return {};
  auto filter = filter_for({SCMP_ARCH_NATIVE, native_calls(), settings->native_forms}, interest);
  if (!filter) return tl::unexpected(filter.error());
#if defined(__x86_64__)
  auto compat = filter_for({SCMP_ARCH_X86, compat_calls(), settings->compat_forms}, interest);
  if (!compat) return tl::unexpected(compat.error());
  if (const int error = ::seccomp_merge(filter->get(), compat->get()); error != 0)
    return system_failure("cannot join two filters", -error);
  static_cast<void>(compat->release());  // the first one has it
#endif
  return exported(filter->get());
}

}  // namespace socktap::sources::ptrace
