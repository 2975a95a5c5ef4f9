#include "event/event_part.h"

namespace socktap {

using tapset::Field;
using tapset::Function;

std::optional<EventPart> part_of(Function function) {
  using enum EventClock::Since;
  constexpr std::uint32_t ns = 1, us = 1'000, ms = 1'000'000, s = 1'000'000'000;
  switch (function) {
    case Function::pid:
    case Function::ns_pid:
      return layout_of(Field::task);
    case Function::tid:
    case Function::ns_tid:
    case Function::task_current:
      return tid_layout;
    case Function::ppid:
    case Function::ns_ppid:
      return layout_of(Field::parent);
    case Function::uid:
    case Function::ns_uid:
      return layout_of(Field::uid);
    case Function::euid:
    case Function::ns_euid:
      return layout_of(Field::euid);
    case Function::gid:
    case Function::ns_gid:
      return layout_of(Field::gid);
    case Function::egid:
    case Function::ns_egid:
      return layout_of(Field::egid);
    case Function::cpu:
      return layout_of(Field::cpu);
    case Function::execname:
      return layout_of(Field::comm);
    case Function::gettimeofday_s:
      return EventClock{year_1970, s};
    case Function::gettimeofday_ms:
      return EventClock{year_1970, ms};
    case Function::gettimeofday_us:
      return EventClock{year_1970, us};
    case Function::gettimeofday_ns:
      return EventClock{year_1970, ns};
    case Function::local_clock_s:
      return EventClock{boot, s};
    case Function::local_clock_ms:
    case Function::jiffies:  // HZ() is 1000
      return EventClock{boot, ms};
    case Function::local_clock_us:
      return EventClock{boot, us};
    case Function::local_clock_ns:
    case Function::ktime_get_ns:
    case Function::get_cycles:
      return EventClock{boot, ns};
    default:
      return std::nullopt;
  }
}

}  // namespace socktap
