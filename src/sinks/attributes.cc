#include "sinks/attributes.h"

#include <algorithm>
#include <cctype>

#include "base/cgroups.h"
#include "base/container.h"
#include "base/errno_names.h"
#include "event/derived.h"
#include "socktap/tapset.h"

namespace socktap::sinks {
namespace {

using enum AttributeType;
using tapset::Field;
using tapset::FieldSet;
using tapset::Operation;
using tapset::ProbePoint;
using tapset::Variable;

constexpr std::int64_t unix_family = 1;
constexpr std::int64_t inet_family = 2;
constexpr std::int64_t inet6_family = 10;
constexpr std::int64_t tcp = 6;
constexpr std::int64_t mptcp = 262;

bool is_of_socket_or_disconnection(const ProbePoint& point) {
  return point.operation == Operation::send || point.operation == Operation::receive ||
         point.operation == Operation::create || point.operation == Operation::close ||
         point.operation == Operation::disconnect;
}

AttributeValue unless_empty(std::string_view text) {
  return text.empty() ? AttributeValue() : AttributeValue(text);
}

// Who and when.

AttributeValue time_of(const Attribute&, const ShownEvent& shown, std::string&) {
  return static_cast<std::int64_t>(shown.event->time) + shown.realtime_offset;
}
AttributeValue point_name(const Attribute&, const ShownEvent& shown, std::string&) {
  return shown.point->name;
}
AttributeValue command(const Attribute&, const ShownEvent& shown, std::string&) {
  return unless_empty(comm_of(*shown.event));
}
template <auto member>
AttributeValue member_of(const Attribute&, const ShownEvent& shown, std::string&) {
  return static_cast<std::int64_t>(shown.event->*member);
}

constexpr Attribute of_every_event[] = {
    {"time", time, "when it happened", {Field::time}, time_of},
    {"event.name", text, "the probe point", {}, point_name},
    {"process.pid", number, "process", {Field::task}, member_of<&Event::tgid>},
    {"thread.id", number, "its thread", {Field::task}, member_of<&Event::tid>},
    {"process.parent_pid", number, "parent process", {Field::parent}, member_of<&Event::ppid>},
    {"process.executable.name",
     text,
     "command name, 15 characters at most",
     {Field::comm},
     command},
    {"process.real_user.id", number, "real user id", {Field::uid}, member_of<&Event::uid>},
    {"process.user.id", number, "effective user id", {Field::euid}, member_of<&Event::euid>},
    {"cpu.logical_number", number, "CPU", {Field::cpu}, member_of<&Event::cpu>},
};

// Which socket, in OpenTelemetry's words.

AttributeValue direction(const Attribute&, const ShownEvent& shown, std::string&) {
  return operation_of(*shown.event) == Operation::send ? std::string_view("transmit")
                                                       : std::string_view("receive");
}

AttributeValue transport(const Attribute&, const ShownEvent& shown, std::string& room) {
  const Event& event = *shown.event;
  if (event.family == unix_family) return std::string_view("unix");
  if (event.family != inet_family && event.family != inet6_family) return {};
  if (event.protocol == tcp || event.protocol == mptcp) return std::string_view("tcp");
  const std::string_view name = protocol_name(event.protocol);
  if (name == undefined_name || operation_of(event) == Operation::create) return {};
  room.resize(name.size());
  std::ranges::transform(name, room.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::string_view(room);
}

AttributeValue network_type(const Attribute&, const ShownEvent& shown, std::string&) {
  if (shown.event->family == inet_family) return std::string_view("ipv4");
  if (shown.event->family == inet6_family) return std::string_view("ipv6");
  return {};
}

AttributeValue variable_text(const Attribute& attribute, const ShownEvent& shown,
                             std::string& room) {
  room = text_from(attribute.binding->from, *shown.point, *shown.event);
  return unless_empty(room);
}

AttributeValue port(const Attribute& attribute, const ShownEvent& shown, std::string&) {
  const std::int64_t number = number_from(attribute.binding->from, *shown.event);
  return number == 0 ? AttributeValue() : AttributeValue(number);
}

AttributeValue failure_of_call(const Attribute&, const ShownEvent& shown, std::string&) {
  const Event& event = *shown.event;
  if (event.success != 0) return {};
  const std::int64_t code = operation_of(event) == Operation::create ? event.err : event.size;
  if (code >= 0) return {};
  const std::string_view name = errno_name(0 - static_cast<std::uint64_t>(code));
  return name.empty() ? std::string_view("_OTHER") : name;
}

void add_of_socket(const ProbePoint& point, std::vector<Attribute>& attributes) {
  if (point.operation == Operation::send || point.operation == Operation::receive)
    attributes.push_back({"network.io.direction", text, "transmit or receive", {}, direction});
  attributes.push_back({"network.transport",
                        text,
                        "tcp, udp, unix, or another protocol's name",
                        {Field::protocol, Field::family},
                        transport});
  attributes.push_back({"network.type", text, "ipv4 or ipv6", {Field::family}, network_type});
  const auto add = [&](Variable variable, Attribute attribute) {
    attribute.binding = point.find(variable);
    if (attribute.binding == nullptr) return;
    attribute.needs = fields_of(point, attribute.binding->from);
    attributes.push_back(attribute);
  };
  add(Variable::local_addr,
      {"network.local.address", text, "the socket's own address", {}, variable_text});
  add(Variable::local_port, {"network.local.port", number, "and port", {}, port});
  add(Variable::remote_addr,
      {"network.peer.address", text, "its peer's address", {}, variable_text});
  add(Variable::remote_port, {"network.peer.port", number, "and port", {}, port});
  if (point.has(Variable::success))
    attributes.push_back(
        {"error.type",
         text,
         "name of the errno it failed with",
         {point.operation == Operation::create ? Field::err : Field::size, Field::success},
         failure_of_call});
}

// Variables by their own names.

AttributeValue variable_number(const Attribute& attribute, const ShownEvent& shown, std::string&) {
  return number_from(attribute.binding->from, *shown.event);
}
AttributeValue variable_truth(const Attribute& attribute, const ShownEvent& shown, std::string&) {
  return number_from(attribute.binding->from, *shown.event) != 0;
}
// -1 says that there is none.
AttributeValue variable_unless_negative(const Attribute& attribute, const ShownEvent& shown,
                                        std::string&) {
  const std::int64_t number = number_from(attribute.binding->from, *shown.event);
  return number >= 0 ? AttributeValue(number) : AttributeValue();
}
// 0 does, too.
AttributeValue variable_if_positive(const Attribute& attribute, const ShownEvent& shown,
                                    std::string&) {
  const std::int64_t number = number_from(attribute.binding->from, *shown.event);
  return number > 0 ? AttributeValue(number) : AttributeValue();
}
template <auto name_of>
AttributeValue variable_name(const Attribute& attribute, const ShownEvent& shown,
                             std::string& room) {
  const std::int64_t number = number_from(attribute.binding->from, *shown.event);
  if (number < 0) return {};
  room = name_of(number);
  return unless_empty(room);
}

AttributeValue container(const Attribute&, const ShownEvent& shown, std::string&) {
  if (shown.cgroups == nullptr) return {};
  const std::uint64_t id = tail_of(*shown.event).cgroup;
  return id == 0 ? AttributeValue() : unless_empty(container_of(shown.cgroups->name_of(id)));
}
// Of the cgroup that comes before it.
constexpr Attribute of_container{
    "container.id", text, "container of the task's cgroup", {Field::cgroup}, container};

// Variables of sockets whose numbers have names, or of which some mean that there is none.
struct Rendering {
  Variable variable;
  AttributeType type;
  decltype(Attribute::read) read;
};
constexpr Rendering renderings[] = {
    {Variable::family, text, variable_name<family_name>},
    {Variable::type, text, variable_name<type_name>},
    {Variable::protocol, text, variable_name<protocol_name>},
    {Variable::state, text, variable_name<state_name>},
    {Variable::flags, text, variable_name<socket_flag_names>},
    {Variable::msg_flags, text, variable_name<message_flag_names>},
    {Variable::success, truth, variable_truth},
    {Variable::fd, number, variable_unless_negative},
    {Variable::netns, number, variable_if_positive},
    {Variable::cgroup, number, variable_if_positive},
    {Variable::sock, number, variable_if_positive},
    {Variable::latency, number, variable_if_positive},
};

// What the attributes above say already.
bool is_said(const ProbePoint& point, Variable variable) {
  if (!is_of_socket_or_disconnection(point)) return false;
  using enum Variable;
  constexpr Variable said[] = {name,  local_addr, local_port, remote_addr, remote_port,
                               saddr, sport,      daddr,      dport};
  return std::ranges::find(said, variable) != std::end(said);
}

Attribute attribute_of(const ProbePoint& point, const tapset::Binding& binding) {
  const tapset::VariableRow& row = tapset::row(binding.variable);
  const bool is_text = row.type == Type::string;
  Attribute attribute{row.name,
                      is_text ? text : number,
                      row.help,
                      fields_of(point, binding.from),
                      is_text ? variable_text : variable_number,
                      &binding};
  const auto* rendering = std::ranges::find(renderings, binding.variable, &Rendering::variable);
  if (is_of_socket_or_disconnection(point) && rendering != std::end(renderings)) {
    attribute.type = rendering->type;
    attribute.read = rendering->read;
  }
  return attribute;
}

}  // namespace

std::vector<Attribute> attributes_of(const ProbePoint& point) {
  std::vector<Attribute> attributes(std::begin(of_every_event), std::end(of_every_event));
  if (is_of_socket_or_disconnection(point)) add_of_socket(point, attributes);
  for (const tapset::Binding& binding : point.bindings)
    if (!is_said(point, binding.variable)) {
      attributes.push_back(attribute_of(point, binding));
      if (binding.variable == Variable::cgroup) attributes.push_back(of_container);
    }
  return attributes;
}

}  // namespace socktap::sinks
