#include "sources/ebpf/limits.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sources/ebpf/call_forms.h"

namespace socktap::sources::ebpf {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

void add_limits_of_messages(const Selection& selection, const Interest& interest,
                            std::vector<std::string>& limits) {
  const Strategy* messages = selection.chosen(Aspect::messages);
  if (messages && !messages->sees_splice_out &&
      interest.wants(Operation::receive, Phase::conclusion, Path::readv))
    limits.emplace_back("splice out of a stream socket is not seen");
  if (interest.wants_messages(Phase::begin))
    limits.emplace_back(
        "the beginnings of io_uring and AIO operations, and of the second and later messages of "
        "sendmmsg and recvmmsg, are not seen");
  if (!interest.wants_messages(Phase::conclusion)) return;
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

void add_limits_of_sockets(const Interest& interest, std::vector<std::string>& limits) {
  const bool creates = interest.wants(Operation::create);
  const bool closes = interest.wants(Operation::close);
  if (creates || closes)
    limits.emplace_back("sockets that the kernel makes or releases for itself are not seen");
  if (closes)
    limits.emplace_back(
        "a socket's release is seen at close, close_range, dup2, dup3, execve and exit; not when "
        "it is dropped in flight or by io_uring, nor when a call or another process held it "
        "longer");
}

}  // namespace

std::vector<std::string> limits_of(const Selection& selection, const Interest& interest) {
  std::vector<std::string> limits;
  add_limits_of_messages(selection, interest, limits);
  add_limits_of_sockets(interest, limits);
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
