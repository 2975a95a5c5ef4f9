#include "sources/ptrace/coverage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sources/calls/call_forms.h"
#include "sources/ptrace/sockets.h"

namespace socktap::sources::ptrace {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

// Packets and segments are nobody's calls.
bool is_seen(Operation operation) {
  switch (operation) {
    case Operation::net_transmit:
    case Operation::net_receive:
    case Operation::segment:
      return false;
    default:
      return true;
  }
}

std::vector<std::string> limits_of(const Interest& interest) {
  std::vector<std::string> limits;
  if (interest.wants(Operation::send) || interest.wants(Operation::receive))
    limits.emplace_back("what goes through io_uring or AIO is not seen by ptrace");
  if (interest.wants(Operation::close))
    limits.emplace_back(
        "a socket's release is seen when the last descriptor that traced processes have of it "
        "goes, not when it is dropped in flight or by io_uring, nor when others hold it longer");
  if (interest.wants(Operation::disconnect))
    limits.emplace_back("disconnections are seen at connect(2) to AF_UNSPEC, not at others");
  for (std::string& limit : limits_of_sockets(asked_by(interest.fields)))
    limits.push_back(std::move(limit));
  if (const auto absent = absent_calls(interest.calls); !absent.empty())
    limits.push_back(
        fmt::format("nothing here makes these system calls: {}", fmt::join(absent, " ")));
  return limits;
}

std::vector<Path> paths_of(Operation operation) {
  if (operation == Operation::send) return {Path::sendmsg, Path::aio_write, Path::writev};
  if (operation == Operation::receive) return {Path::recvmsg, Path::aio_read, Path::readv};
  return {Path::none};
}

}  // namespace

Coverage coverage_of(const Interest& interest) {
  Coverage coverage{.source = "ptrace", .limits = limits_of(interest)};
  for (int i = 0; i < tapset::operation_count; ++i) {
    const auto operation = static_cast<Operation>(i);
    for (const Path path : paths_of(operation))
      for (const Phase phase : {Phase::begin, Phase::conclusion}) {
        if (!interest.wants(operation, phase, path)) continue;
        coverage.paths.push_back(
            {.operation = operation,
             .phase = phase,
             .path = path,
             .strategy = is_seen(operation) ? "ptrace" : "",
             .verdict = is_seen(operation) ? Verdict::not_verified : Verdict::blind});
      }
  }
  return coverage;
}

}  // namespace socktap::sources::ptrace
