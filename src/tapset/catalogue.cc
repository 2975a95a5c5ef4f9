#include "tapset/catalogue.h"

#include <algorithm>

#include "base/overloaded.h"
#include "tapset/points.h"

namespace socktap::tapset {
namespace {

constexpr std::array<VariableRow, variable_count> rows{{
#define SOCKTAP_VARIABLE(name, type, help) {Variable::name, #name, Type::type, help},
#include "tapset/variables.def"
#undef SOCKTAP_VARIABLE
}};

}  // namespace

std::span<const ProbePoint> probe_points() {
  static const std::vector<ProbePoint> points = [] {
    const std::span<const ProbePoint> of_sockets = socket_points();
    std::vector<ProbePoint> all(of_sockets.begin(), of_sockets.end());
    all.insert(all.end(), neighbour_points().begin(), neighbour_points().end());
    return all;
  }();
  return points;
}

std::span<const VariableRow> variables() { return rows; }

const ProbePoint* find_probe_point(std::string_view name) {
  const std::span<const ProbePoint> points = probe_points();
  const auto found = std::ranges::find(points, name, &ProbePoint::name);
  return found == points.end() ? nullptr : &*found;
}

const VariableRow* find_variable(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &VariableRow::name);
  return found == rows.end() ? nullptr : &*found;
}

const VariableRow& row(Variable variable) { return rows[static_cast<std::size_t>(variable)]; }

const Binding* ProbePoint::find(Variable variable) const {
  const auto found = std::ranges::find(bindings, variable, &Binding::variable);
  return found == bindings.end() ? nullptr : &*found;
}

FieldSet fields_of(const Extraction& extraction) {
  return std::visit(Overloaded{[](const PointLabel&) { return FieldSet(); },
                               [](const Field& field) { return FieldSet{field}; },
                               [](const FieldBit& bit) { return FieldSet{bit.field}; },
                               [](const AddressText& text) {
                                 return FieldSet{text.address, Field::address_family};
                               }},
                    extraction);
}

FieldSet fields_asked(const ProbePoint& point) {
  return point.transport == Transport::any ? FieldSet()
                                           : FieldSet{Field::protocol, Field::family, Field::type};
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
                                        "net_transmit", "net_receive", "segment", "disconnect"};
  return names[static_cast<std::size_t>(operation)];
}

std::string_view name_of(Phase phase) { return phase == Phase::begin ? "begin" : "conclusion"; }

std::string_view name_of(Path path) {
  constexpr std::string_view names[] = {"none",    "sendmsg",  "aio_write", "writev",
                                        "recvmsg", "aio_read", "readv"};
  return names[static_cast<std::size_t>(path)];
}

}  // namespace socktap::tapset
