#include "sources/interest.h"

#include "tapset/calls.h"

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

auto& of(auto& wanted, Operation operation, Phase phase) {
  return wanted[static_cast<std::size_t>(operation)][static_cast<std::size_t>(phase)];
}

bool covers_its_direction(const tapset::ProbePoint& point) {
  return point.paths ==
         (point.operation == Operation::send ? tapset::any_send : tapset::any_receive);
}

void add_calls(CallInterest& calls, const tapset::ProbePoint& point) {
  const auto phase = static_cast<std::size_t>(point.phase);
  calls.forms[phase].resize(tapset::calls().size());
  for (const tapset::Call& form : point.forms)
    calls.forms[phase][static_cast<std::size_t>(&form - tapset::calls().data())] = true;
  calls.unknown[phase] = calls.unknown[phase] || point.covers_every_call();
}

bool is_message(Operation operation) {
  return operation == Operation::send || operation == Operation::receive;
}

}  // namespace

bool CallInterest::wants(std::size_t form, Phase phase) const {
  const std::vector<bool>& of_phase = forms[static_cast<std::size_t>(phase)];
  return form < of_phase.size() && of_phase[form];
}

bool Interest::wants(Operation operation, Phase phase, Path path) const {
  return of(wanted, operation, phase).contains(path);
}

void Interest::renounce(Operation operation, Phase phase, Path path) {
  of(wanted, operation, phase).remove(path);
}

bool Interest::wants(Operation operation, Phase phase) const {
  return !of(wanted, operation, phase).empty();
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
    of(interest.wanted, point->operation, point->phase) |= point->paths;
    // Who belongs to the target is known by the beginnings.
    if (point->operation == Operation::process)
      of(interest.wanted, Operation::process, Phase::begin) |= point->paths;
    if (point->operation == Operation::call) add_calls(interest.calls, *point);
    if (is_message(point->operation) && !covers_its_direction(*point)) interest.tell_paths = true;
  }
  return interest;
}

bool asks_for_addresses(tapset::FieldSet fields) {
  using tapset::Field;
  return fields.contains(Field::address_family) || fields.contains(Field::local_address) ||
         fields.contains(Field::remote_address) || fields.contains(Field::local_port) ||
         fields.contains(Field::remote_port) || fields.contains(Field::tcp_flags);
}

}  // namespace socktap::sources
