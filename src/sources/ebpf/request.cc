#include "sources/ebpf/request.h"

#include <unistd.h>

#include <algorithm>
#include <bit>

#include "base/cgroups.h"
#include "event/event.h"
#include "sources/calibration/calibration.h"
#include "sources/calls/call_table.h"
#include "sources/calls/path_table.h"

namespace socktap::sources::ebpf {
namespace {

__u8 told_by_calls(Aspect aspect) {
  switch (aspect) {
    case Aspect::begins:
      return SOCKTAP_BY_CALLS_BEGINS;
    case Aspect::creates:
      return SOCKTAP_BY_CALLS_CREATES;
    case Aspect::closes:
      return SOCKTAP_BY_CALLS_CLOSES;
    default:
      return 0;
  }
}

bool is_preempted_in(const Strategy& strategy, const Preemption& preemption) {
  const bool by_tracepoint =
      strategy.backend == Backend::tracepoint || strategy.backend == Backend::syscall;
  return sees_sockets(strategy.aspect) &&
         ((preemption.hooks && strategy.backend == Backend::fentry) ||
          (preemption.tracepoints && by_tracepoint));
}

}  // namespace

bool Request::is_preempted() const {
  return std::ranges::any_of(strategies, [this](const Strategy* strategy) {
    return is_preempted_in(*strategy, preemption);
  });
}

bool Request::occurrences_are_preempted() const {
  return std::ranges::any_of(strategies, [this](const Strategy* strategy) {
    return strategy->aspect != Aspect::messages && is_preempted_in(*strategy, preemption);
  });
}

socktap_settings settings_for(const Request& request, std::uint32_t slots) {
  socktap_settings settings{};
  tapset::FieldSet fields = request.interest.fields;
  if (!has_cgroup_ids(cgroup_version())) fields.remove(tapset::Field::cgroup);
  settings.fields = fields.bits();
  for (std::size_t operation = 0; operation < request.interest.wanted.size(); ++operation)
    for (std::size_t phase = 0; phase < 2; ++phase)
      settings.wanted[operation][phase] =
          static_cast<__u8>(request.interest.wanted[operation][phase].bits());
  settings.has_tail = record_size(request.interest.fields) > sizeof(Event);
  settings.has_addresses = asks_for_addresses(request.interest.fields);
  settings.slots = slots;
  settings.own_tgid = static_cast<__u32>(::getpid());
  settings.pidns_inum = request.pid_namespace;
  settings.include_self = request.include_self;
  settings.scoped = request.scoped;
  settings.has_twins = request.preemption.tracepoints;
  settings.filters_messages = !request.chosen_part().empty();
  settings.keeps = request.keeps();
  settings.keeps_of_threads = request.keeps() && request.script_part.thread_maps != nullptr &&
                              !request.script_part.thread_maps->empty();
  settings.filters_tail = settings.filters_messages && request.script_part.reads_tail;
  settings.filters_occurrences = settings.filters_messages && !request.occurrences_are_preempted();
  settings.page_shift =
      static_cast<__u8>(std::countr_zero(static_cast<unsigned long>(::sysconf(_SC_PAGESIZE))));
  settings.calibrating_call = static_cast<__u16>(Calibration::system_call());
  settings.number_socks = SOCKTAP_NUMBER_COOKIE;
  for (const Strategy* strategy : request.strategies) {
    if (strategy->aspect == Aspect::opcodes) settings.tell_opcodes = 1;
    if (strategy->aspect == Aspect::latency) settings.remember_entries = 1;
    if (strategy->backend == Backend::syscall) settings.by_calls |= told_by_calls(strategy->aspect);
    if (sees_sockets(strategy->aspect) && !strategy->asks_cookies)
      settings.number_socks = SOCKTAP_NUMBER_INODE;
  }
  settings.tell_paths = request.interest.tell_paths || settings.remember_entries ||
                        request.interest.fields.contains(tapset::Field::msg_flags) ||
                        request.interest.fields.contains(tapset::Field::fd);
#if !defined(__x86_64__) && !defined(__i386__)
  settings.weak_ordering = 1;
#endif
  std::copy(native_calls().begin(), native_calls().end(), settings.native_calls);
  std::copy(compat_calls().begin(), compat_calls().end(), settings.compat_calls);
  for (unsigned call = 0; call < SOCKTAP_CALLS; ++call)
    settings.flags_argument[call] =
        static_cast<__u8>(flags_argument_of(static_cast<socktap_call>(call)));
  for (const tapset::Operation direction : {tapset::Operation::send, tapset::Operation::receive}) {
    const auto row = static_cast<std::size_t>(direction);
    for (unsigned call = 0; call < SOCKTAP_CALLS; ++call)
      settings.path_of_call[row][call] =
          static_cast<__u8>(path_of_call(static_cast<socktap_call>(call), direction));
    for (unsigned opcode = 0; opcode < SOCKTAP_OPCODES; ++opcode)
      settings.path_of_opcode[row][opcode] = static_cast<__u8>(path_of_opcode(opcode, direction));
  }
  return settings;
}

}  // namespace socktap::sources::ebpf
