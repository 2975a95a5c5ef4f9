// The functions that are a part of the event. Compiled handlers read it in place; these are for who
// calls the library otherwise.
#include "event/event_part.h"
#include "vm/library_functions.h"

namespace socktap::vm::library {
namespace {

void read_part(tapset::Function function, LibraryCall& call) {
  const Event& event = *call.occasion.event;
  const EventPart part = *part_of(function);
  if (const auto* clock = std::get_if<EventClock>(&part)) {
    const bool since_boot = clock->since == EventClock::Since::boot;
    const std::int64_t ns =
        since_boot ? static_cast<std::int64_t>(event.time) : call.occasion.realtime();
    call.number = ns / clock->unit;
  } else if (tapset::row(function).result == Type::string) {
    call.text = comm_of(event);
  } else {
    call.number = load(event, std::get<FieldLayout>(part));
  }
}

}  // namespace

#define SOCKTAP_PART(id) \
  void id(LibraryCall& call) { read_part(tapset::Function::id, call); }

SOCKTAP_PART(pid)
SOCKTAP_PART(ns_pid)
SOCKTAP_PART(tid)
SOCKTAP_PART(ns_tid)
SOCKTAP_PART(task_current)
SOCKTAP_PART(ppid)
SOCKTAP_PART(ns_ppid)
SOCKTAP_PART(uid)
SOCKTAP_PART(ns_uid)
SOCKTAP_PART(euid)
SOCKTAP_PART(ns_euid)
SOCKTAP_PART(gid)
SOCKTAP_PART(ns_gid)
SOCKTAP_PART(egid)
SOCKTAP_PART(ns_egid)
SOCKTAP_PART(cpu)
SOCKTAP_PART(execname)
SOCKTAP_PART(gettimeofday_s)
SOCKTAP_PART(gettimeofday_ms)
SOCKTAP_PART(gettimeofday_us)
SOCKTAP_PART(gettimeofday_ns)
SOCKTAP_PART(local_clock_s)
SOCKTAP_PART(local_clock_ms)
SOCKTAP_PART(local_clock_us)
SOCKTAP_PART(local_clock_ns)
SOCKTAP_PART(ktime_get_ns)
SOCKTAP_PART(get_cycles)
SOCKTAP_PART(jiffies)

#undef SOCKTAP_PART

}  // namespace socktap::vm::library
