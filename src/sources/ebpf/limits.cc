#include "sources/ebpf/limits.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sources/calls/call_forms.h"

namespace socktap::sources::ebpf {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

void add_limits_of_uring(const Selection& selection, const Interest& interest,
                         std::vector<std::string>& limits) {
  const Strategy* messages = selection.chosen(Aspect::messages);
  if (!interest.wants_messages(Phase::conclusion) ||
      (messages && messages->backend == Backend::syscall))
    return;
  limits.emplace_back("io_uring's tries on a socket that is not ready (EAGAIN) are no messages");
  if (!interest.tell_paths) return;
  if (!selection.chosen(Aspect::opcodes))
    limits.emplace_back(
        "io_uring operations cannot be told apart here: they count as sendmsg and recvmsg");
  else
    limits.emplace_back(
        "an io_uring operation on a registered file that follows another in a chain, or whose "
        "first try waited, may count as sendmsg or recvmsg");
}

bool concerns(const Strategy& strategy, const Interest& interest) {
  if (strategy.aspect != Aspect::messages || strategy.distinguishes_families) return true;
  return interest.wants(Operation::receive, Phase::conclusion, Path::readv);
}

// The names of the chosen ones that make events, joined; "": none.
template <typename Predicate>
std::string names_of(const Selection& selection, Predicate chosen) {
  std::vector<std::string_view> names;
  for (const Strategy* strategy : selection.chosen())
    if (makes_events(strategy->aspect) && chosen(*strategy)) names.push_back(strategy->name);
  return fmt::format("{}", fmt::join(names, ", "));
}

void add_limits_of_preemption(const Selection& selection, Preemption preemption,
                              std::vector<std::string>& limits) {
  const std::string hooks = names_of(selection, [&](const Strategy& strategy) {
    return preemption.hooks && strategy.backend == Backend::fentry;
  });
  const std::string twins = names_of(selection, [&](const Strategy& strategy) {
    return preemption.tracepoints && strategy.backend != Backend::kprobe && !strategy.twins.empty();
  });
  if (!hooks.empty())
    limits.push_back(
        "where a task is preempted inside a program, others on its CPU pass that "
        "program by: what they do is lost and counted, an entry and its exit twice (" +
        hooks + ")");
  if (!twins.empty())
    limits.push_back(
        "where a task is preempted inside a program and others inside those that stand "
        "in for it, what more of them do on that CPU is lost and counted (" +
        twins + ")");
}

}  // namespace

std::vector<std::string> limits_of(const Selection& selection, const Interest& interest,
                                   Preemption preemption) {
  std::vector<std::string> limits;
  for (const Strategy* strategy : selection.chosen())
    for (const std::string_view limit : strategy->limits)
      if (concerns(*strategy, interest) && std::ranges::find(limits, limit) == limits.end())
        limits.emplace_back(limit);
  add_limits_of_preemption(selection, preemption, limits);
  add_limits_of_uring(selection, interest, limits);
  if (interest.wants(Operation::segment))
    limits.emplace_back(
        "TCP segments are seen when they come from a device: one that passes a bridge and its port "
        "is seen on both, segments that were joined on receipt are one, and those to be forwarded "
        "count too");
  if (interest.wants(Operation::call, Phase::conclusion))
    limits.emplace_back(
        "returns of system calls that were under way when the run began are not seen");
  if (const auto absent = absent_calls(interest.calls); !absent.empty())
    limits.push_back(
        fmt::format("nothing here makes these system calls: {}", fmt::join(absent, " ")));
  if (interest.wants(Operation::disconnect))
    limits.emplace_back("disconnections are seen at connect(2) to AF_UNSPEC, not at others");
  return limits;
}

}  // namespace socktap::sources::ebpf
