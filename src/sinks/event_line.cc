#include "sinks/event_line.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <iterator>

#include "base/errno_names.h"
#include "base/escape.h"
#include "event/derived.h"
#include "socktap/tapset.h"

namespace socktap::sinks {
namespace {

using tapset::Field;
using tapset::FieldSet;
using tapset::Operation;
using tapset::Phase;
using tapset::Variable;

constexpr const char* dim = "\033[2m";
constexpr const char* red = "\033[31m";
constexpr const char* green = "\033[32m";
constexpr const char* yellow = "\033[33m";
constexpr const char* cyan = "\033[36m";
constexpr const char* plain = "\033[0m";

constexpr FieldSet fields_looked_at{Field::time,        Field::task,           Field::comm,
                                    Field::size,        Field::success,        Field::err,
                                    Field::latency,     Field::family,         Field::type,
                                    Field::protocol,    Field::address_family, Field::local_address,
                                    Field::local_port,  Field::remote_address, Field::remote_port,
                                    Field::dev_name,    Field::truesize,       Field::tcp_flags,
                                    Field::call_number, Field::arguments,      Field::capture_0,
                                    Field::capture_1,   Field::unix_path};

// Others, disconnections with them, show their variables.
bool has_socket_columns(Operation operation) {
  return operation == Operation::send || operation == Operation::receive ||
         operation == Operation::create || operation == Operation::close;
}

void pad_to(std::size_t begin, std::size_t width, std::string& out) {
  const std::size_t used = out.size() - begin;
  if (used < width) out.append(width - used, ' ');
}

void append_left(std::string_view text, std::size_t width, std::string& out) {
  const std::size_t begin = out.size();
  out += text;
  pad_to(begin, width, out);
}

// Commands name themselves: with whatever bytes they like.
void append_command(const Event& event, std::size_t width, std::string& out) {
  const std::size_t begin = out.size();
  append_escaped(comm_of(event), 64, false, out);
  pad_to(begin, width, out);
}

// "sendmsg", "aio_read" ... of socket.*; another point's whole name.
std::string_view operation_text(const tapset::ProbePoint& point) {
  std::string_view name = point.name;
  if (!has_socket_columns(point.operation) || !name.starts_with("socket.")) return name;
  name.remove_prefix(std::string_view("socket.").size());
  if (name.ends_with(".return")) name.remove_suffix(std::string_view(".return").size());
  return name;
}

bool is_begin_of_message(const Event& event) {
  const Operation operation = operation_of(event);
  return phase_of(event) == Phase::begin && has_socket_columns(operation) &&
         operation != Operation::close;
}

const char* color_of(Operation operation) {
  switch (operation) {
    case Operation::send:
      return green;
    case Operation::receive:
      return cyan;
    case Operation::create:
    case Operation::close:
      return yellow;
    default:
      return dim;
  }
}

// The negative errno of what failed, else 0 or more.
std::int64_t result_of(const Event& event) {
  return operation_of(event) == Operation::create ? event.err : event.size;
}
bool has_failed(const ShownEvent& shown) {
  const Operation operation = operation_of(*shown.event);
  return phase_of(*shown.event) == Phase::conclusion && operation != Operation::close &&
         shown.event->success == 0 && result_of(*shown.event) < 0;
}

void append_end(int family, const __u8* address, __u16 port, std::string& out) {
  char text[INET6_ADDRSTRLEN];
  if (::inet_ntop(family, address, text, sizeof(text)) == nullptr) return;
  const bool is_six = family == AF_INET6;
  fmt::format_to(std::back_inserter(out), "{}{}{}:{}", is_six ? "[" : "", text, is_six ? "]" : "",
                 port);
}

// What a UNIX socket is called; programs may call it what they like.
void append_path(const Event& event, std::string& out) {
  const FieldLayout layout = layout_of(Field::unix_path);
  append_escaped(text_at(event, layout.offset, layout.width), 512, false, out);
}

void append_ends(const Event& event, std::string& out) {
  const EventTail& tail = tail_of(event);
  if (tail.address_family == 0) return;
  append_end(tail.address_family, tail.local_address, tail.local_port, out);
  if (tail.remote_port == 0) return;  // it is not connected
  out += " -> ";
  append_end(tail.address_family, tail.remote_address, tail.remote_port, out);
}

}  // namespace

std::string_view EventLine::heading() {
  return "TIME            PROCESS             PID OPERATION        SIZE LATENCY FAMILY   TYPE      "
         "PROTOCOL LOCAL -> REMOTE, OR PATH\n";
}

FieldSet EventLine::fields() { return fields_looked_at; }

void EventLine::append(const ShownEvent& event, std::string& out) {
  begin_color(dim, out);
  clock_.append_time_of_day(static_cast<std::int64_t>(event.event->time) + event.realtime_offset,
                            out);
  end_color(out);
  out += ' ';
  append_command(*event.event, 15, out);
  fmt::format_to(std::back_inserter(out), " {:7} ", event.event->tgid);
  begin_color(color_of(operation_of(*event.event)), out);
  if (is_begin_of_message(*event.event)) out += '>';
  append_left(operation_text(*event.point), 10, out);
  end_color(out);
  if (has_socket_columns(operation_of(*event.event))) {
    append_socket(event, out);
  } else if (operation_of(*event.event) == Operation::call) {
    append_call(event, out);
  } else {
    append_variables(event, out);
  }
  out.erase(out.find_last_not_of(' ') + 1);
  out += '\n';
}

void EventLine::append_socket(const ShownEvent& shown, std::string& out) {
  const Event& event = *shown.event;
  const bool failed = has_failed(shown);
  const bool has_size = shown.point->has(Variable::size);
  if (failed) begin_color(red, out);
  const auto end = std::back_inserter(out);
  if (failed) {
    const std::string_view name = errno_name(0 - static_cast<std::uint64_t>(result_of(event)));
    if (name.empty()) fmt::format_to(end, " {:>10}", result_of(event));
    if (!name.empty()) fmt::format_to(end, " {:>10}", name);
  } else if (has_size) {
    fmt::format_to(end, " {:>10}", event.size);
  } else {
    out.append(11, ' ');
  }
  if (failed) end_color(out);
  room_.clear();
  if (shown.point->has(Variable::latency) && event.latency != 0)
    append_duration(event.latency, room_);
  fmt::format_to(end, " {:>7} ", room_);
  append_left(event.family < 0 ? "-" : family_name(event.family), 8, out);
  out += ' ';
  append_left(event.type < 0 ? "-" : type_name(event.type), 9, out);
  out += ' ';
  append_left(event.protocol < 0 ? "-" : protocol_name(event.protocol), 8, out);
  out += ' ';
  if (event.family == AF_UNIX) {
    if (shown.fields.contains(Field::unix_path)) append_path(event, out);
  } else if (shown.fields.contains(Field::address_family)) {
    append_ends(event, out);
  }
}

// As strace shows it.
void EventLine::append_call(const ShownEvent& shown, std::string& out) {
  if (phase_of(*shown.event) == Phase::begin) {
    fmt::format_to(std::back_inserter(out), " ({})",
                   text_from(tapset::CallText::argstr, *shown.point, *shown.event));
  } else {
    fmt::format_to(std::back_inserter(out), " = {}",
                   text_from(tapset::CallText::retstr, *shown.point, *shown.event));
  }
}

void EventLine::append_variables(const ShownEvent& shown, std::string& out) {
  for (const tapset::Binding& binding : shown.point->bindings) {
    if (binding.variable == Variable::name ||
        (shown.fields & fields_of(*shown.point, binding.from)) !=
            fields_of(*shown.point, binding.from))
      continue;
    const tapset::VariableRow& row = tapset::row(binding.variable);
    const auto end = std::back_inserter(out);
    if (row.type == Type::string) {
      fmt::format_to(end, " {}=", row.name);
      append_escaped(text_from(binding.from, *shown.point, *shown.event), 256, false, out);
    } else {
      fmt::format_to(end, " {}={}", row.name, number_from(binding.from, *shown.event));
    }
  }
}

void EventLine::begin_color(const char* color, std::string& out) const {
  if (in_color_) out += color;
}
void EventLine::end_color(std::string& out) const {
  if (in_color_) out += plain;
}

}  // namespace socktap::sinks
