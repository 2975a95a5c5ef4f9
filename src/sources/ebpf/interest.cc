#include "sources/ebpf/interest.h"

#include <linux/types.h>

#include "event/wire.h"
#include "sources/ebpf/collector_abi.h"

namespace socktap::sources::ebpf {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

constexpr Path all_paths[] = {Path::none,    Path::sendmsg,  Path::aio_write, Path::writev,
                              Path::recvmsg, Path::aio_read, Path::readv};

std::uint64_t wanted_bit(Operation operation, Phase phase, Path path) {
  return std::uint64_t{1} << SOCKTAP_WANTED_BIT(static_cast<unsigned>(operation),
                                                static_cast<unsigned>(phase),
                                                static_cast<unsigned>(path));
}

bool covers_its_direction(const tapset::ProbePoint& point) {
  const tapset::PathSet all = point.operation == Operation::send
                                  ? tapset::PathSet{Path::sendmsg, Path::aio_write, Path::writev}
                                  : tapset::PathSet{Path::recvmsg, Path::aio_read, Path::readv};
  return point.paths == all;
}

bool is_message(Operation operation) {
  return operation == Operation::send || operation == Operation::receive;
}

}  // namespace

bool Interest::wants(Operation operation, Phase phase, Path path) const {
  return (wanted & wanted_bit(operation, phase, path)) != 0;
}

void Interest::renounce(Operation operation, Phase phase, Path path) {
  wanted &= ~wanted_bit(operation, phase, path);
}

bool Interest::wants(Operation operation, Phase phase) const {
  for (const Path path : all_paths)
    if (wants(operation, phase, path)) return true;
  return false;
}

bool Interest::wants_messages(Phase phase) const {
  return wants(Operation::send, phase) || wants(Operation::receive, phase);
}

bool Interest::wants(Operation operation) const {
  return wants(operation, Phase::begin) || wants(operation, Phase::conclusion);
}

bool Interest::measures_latency() const {
  return fields.contains(tapset::Field::latency) && wants_messages(Phase::conclusion);
}

Interest interest_of(const plan::Plan& plan) {
  Interest interest{.fields = plan.fields};
  for (const tapset::ProbePoint* point : plan.points) {
    for (const Path path : all_paths)
      if (point->paths.contains(path))
        interest.wanted |= wanted_bit(point->operation, point->phase, path);
    if (is_message(point->operation) && !covers_its_direction(*point)) interest.tell_paths = true;
  }
  return interest;
}

}  // namespace socktap::sources::ebpf
