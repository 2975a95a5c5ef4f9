// Compiles what asks for the time of an event. The clock is read once an event at most.
#pragma once

#include "ebpf/program.h"
#include "event/event_part.h"

namespace socktap::ebpf {

// Into r0: what the clock says of the event. Uses r0 to r5.
void load_clock(Builder& builder, const EventClock& clock);

// Into r0: the time of the event, ns of CLOCK_MONOTONIC; each later one of an event is 1 ns more,
// so that they are in order. Uses r0 to r5.
void load_update_time(Builder& builder);

}  // namespace socktap::ebpf
