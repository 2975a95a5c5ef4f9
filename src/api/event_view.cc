#include "socktap/event_view.h"

#include "event/derived.h"
#include "event/record.h"
#include "tapset/catalogue.h"

namespace socktap {
namespace {

using tapset::Binding;
using tapset::Variable;

// What the point takes the variable from, if it has it and that was captured.
const Binding* known(const ShownEvent& shown, const Binding* binding) {
  if (binding == nullptr) return nullptr;
  const tapset::FieldSet needed = fields_of(*shown.point, binding->from);
  return (shown.fields & needed) == needed ? binding : nullptr;
}
const Binding* known(const ShownEvent& shown, Variable variable) {
  return shown.point == nullptr ? nullptr : known(shown, shown.point->find(variable));
}

std::int64_t number(const ShownEvent& shown, Variable variable, std::int64_t otherwise = 0) {
  const Binding* binding = known(shown, variable);
  return binding == nullptr ? otherwise : number_from(binding->from, *shown.event);
}

std::string text(const ShownEvent& shown, Variable variable) {
  const Binding* binding = known(shown, variable);
  return binding == nullptr ? std::string() : text_from(binding->from, *shown.point, *shown.event);
}

}  // namespace

std::string_view EventView::point() const {
  return event_.point != nullptr ? event_.point->name : event_.text;
}

std::chrono::system_clock::time_point EventView::time() const {
  const std::chrono::nanoseconds since_1970(static_cast<std::int64_t>(event_.event->time) +
                                            event_.realtime_offset);
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(since_1970));
}

pid_t EventView::pid() const { return static_cast<pid_t>(event_.event->tgid); }
pid_t EventView::tid() const { return static_cast<pid_t>(event_.event->tid); }
pid_t EventView::ppid() const { return static_cast<pid_t>(event_.event->ppid); }
uid_t EventView::uid() const { return event_.event->uid; }
uid_t EventView::euid() const { return event_.event->euid; }
gid_t EventView::gid() const { return event_.event->gid; }
gid_t EventView::egid() const { return event_.event->egid; }
std::string_view EventView::execname() const { return comm_of(*event_.event); }
int EventView::cpu() const { return event_.event->cpu; }

std::int64_t EventView::size() const { return number(event_, Variable::size); }
bool EventView::success() const { return number(event_, Variable::success) != 0; }
std::int64_t EventView::err() const { return number(event_, Variable::err); }
std::chrono::nanoseconds EventView::latency() const {
  return std::chrono::nanoseconds(number(event_, Variable::latency));
}
std::int64_t EventView::msg_flags() const { return number(event_, Variable::msg_flags); }
bool EventView::requester() const { return number(event_, Variable::requester) != 0; }

std::int64_t EventView::protocol() const { return number(event_, Variable::protocol); }
std::int64_t EventView::family() const { return number(event_, Variable::family); }
std::int64_t EventView::type() const { return number(event_, Variable::type); }
std::int64_t EventView::state() const { return number(event_, Variable::state); }
std::int64_t EventView::flags() const { return number(event_, Variable::flags); }
std::uint64_t EventView::sock() const {
  return static_cast<std::uint64_t>(number(event_, Variable::sock));
}
int EventView::fd() const { return static_cast<int>(number(event_, Variable::fd, -1)); }
std::string EventView::local_addr() const { return text(event_, Variable::local_addr); }
int EventView::local_port() const { return static_cast<int>(number(event_, Variable::local_port)); }
std::string EventView::remote_addr() const { return text(event_, Variable::remote_addr); }
int EventView::remote_port() const {
  return static_cast<int>(number(event_, Variable::remote_port));
}
std::string EventView::path() const { return text(event_, Variable::path); }
std::uint64_t EventView::netns() const {
  return static_cast<std::uint64_t>(number(event_, Variable::netns));
}
std::uint64_t EventView::cgroup() const {
  return static_cast<std::uint64_t>(number(event_, Variable::cgroup));
}

std::optional<Value> EventView::variable(std::string_view name) const {
  const tapset::VariableRow* row = tapset::find_variable(name);
  if (row == nullptr || known(event_, row->id) == nullptr) return std::nullopt;
  if (row->type == Type::string) return text(event_, row->id);
  return number(event_, row->id);
}

std::vector<std::string_view> EventView::variables() const {
  std::vector<std::string_view> names;
  if (event_.point == nullptr) return names;
  for (const Binding& binding : event_.point->bindings)
    names.push_back(tapset::row(binding.variable).name);
  return names;
}

}  // namespace socktap
