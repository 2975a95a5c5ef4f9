#include "tapset/catalogue.h"

#include <algorithm>

#include "base/overloaded.h"
#include "tapset/calls.h"
#include "tapset/every_event.h"
#include "tapset/points.h"

namespace socktap::tapset {
namespace {

constexpr std::array capture_fields{Field::capture_0, Field::capture_1};

// All that argstr may print: it may be made of the whole call.
FieldSet fields_of_call(const ProbePoint& point, CallText text) {
  if (text != CallText::argstr) return {};
  FieldSet fields{Field::arguments};
  for (const Call& form : point.forms)
    for (std::size_t i = 0; i < form.captures.size(); ++i)
      if (form.captures[i].how != Capture::How::nothing) fields.insert(capture_fields[i]);
  return fields;
}

// What of the task's memory a variable is made of, perhaps by way of other variables.
void insert_captures(const Call& form, Variable name, FieldSet& fields) {
  const CallVariable* variable = form.find(name);
  if (variable == nullptr) return;
  if (variable->capture != CallVariable::not_captured)
    fields.insert(capture_fields[variable->capture]);
  insert_captures(form, variable->of, fields);
  insert_captures(form, variable->with, fields);
}

FieldSet fields_of_call(const ProbePoint& point, CallValue value) {
  FieldSet fields{Field::arguments};
  for (const Call& form : point.forms) insert_captures(form, value.variable, fields);
  return fields;
}

}  // namespace

std::span<const ProbePoint> probe_points() {
  static const std::vector<ProbePoint> points = [] {
    const std::span<const ProbePoint> of_sockets = socket_points();
    std::vector<ProbePoint> all(of_sockets.begin(), of_sockets.end());
    for (const auto more : {neighbour_points(), any_call_points()})
      all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return points;
}

const ProbePoint* find_probe_point(std::string_view name) {
  for (const std::span<const ProbePoint> points : {probe_points(), call_points()}) {
    const auto found = std::ranges::find(points, name, &ProbePoint::name);
    if (found != points.end()) return &*found;
  }
  return nullptr;
}

const Binding* ProbePoint::find(Variable variable) const {
  const auto found = std::ranges::find(bindings, variable, &Binding::variable);
  return found == bindings.end() ? nullptr : &*found;
}

bool ProbePoint::covers_every_call() const { return forms.size() == calls().size(); }

FieldSet fields_of(const ProbePoint& point, const Extraction& from) {
  return std::visit(Overloaded{[](const PointLabel&) { return FieldSet(); },
                               [](const Field& field) { return FieldSet{field}; },
                               [](const FieldBit& bit) { return FieldSet{bit.field}; },
                               [](const AddressText& text) {
                                 return FieldSet{text.address, Field::address_family};
                               },
                               [&](const auto& of_call) { return fields_of_call(point, of_call); }},
                    from);
}

FieldSet fields_asked(const ProbePoint& point) {
  if (point.operation == Operation::process) return {Field::task, Field::parent};
  return point.transport == Transport::any ? FieldSet()
                                           : FieldSet{Field::protocol, Field::family, Field::type};
}

FieldSet fields_shown(const ProbePoint& point) {
  FieldSet fields = fields_of_every_event;
  for (const Binding& binding : point.bindings) fields |= fields_of(point, binding.from);
  return fields | fields_asked(point);
}

std::string signature(const ProbePoint& point, bool manual_only) {
  std::string text;
  for (const Binding& binding : point.bindings) {
    if (manual_only && !binding.of_manual) continue;
    const VariableRow& variable = row(binding.variable);
    if (!text.empty()) text += ' ';
    text.append(variable.name).append(":").append(type_keyword(variable.type));
  }
  return text;
}

bool is_offered(Operation operation, Phase phase) {
  return std::ranges::any_of(probe_points(), [&](const ProbePoint& point) {
    return point.operation == operation && point.phase == phase;
  });
}

std::string_view name_of(Operation operation) {
  constexpr std::string_view names[] = {"send",         "receive",     "create",  "close",
                                        "net_transmit", "net_receive", "segment", "disconnect",
                                        "call",         "process"};
  return names[static_cast<std::size_t>(operation)];
}

std::string_view name_of(Phase phase) { return phase == Phase::begin ? "begin" : "conclusion"; }

std::string_view name_of(Path path) {
  constexpr std::string_view names[] = {"none",    "sendmsg",  "aio_write", "writev",
                                        "recvmsg", "aio_read", "readv"};
  return names[static_cast<std::size_t>(path)];
}

}  // namespace socktap::tapset
