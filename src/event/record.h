// What a run says: pieces of output in the order they were made, on their way to a sink.
#pragma once

#include <cstdint>
#include <string_view>

#include "event/event.h"
#include "event/loss.h"

namespace socktap {

class CgroupNames;

enum class RecordKind : std::uint8_t {
  output,     // what print, printf and log produce
  warning,    // warn() and the run's own warnings, without "WARNING: "
  error,      // run-time errors, without "ERROR: "
  next_file,  // no text: what follows goes to the next file, if output goes to files
  event,      // no text: what print_event() shows
  handed,     // no text: an event for who runs the script: __hand_event()
  loss,       // no text: how many events were lost, of one kind
  attached,   // no text: how many probe points are observed from now on
  moment,     // no text: a time in the life of the run
};

// Of a run: when its begin handlers run, from when on timers count, until when everything that is
// due has been delivered and has run, and when its end handlers run.
enum class Moment : std::uint8_t { began, started, reached, ended };

// An event as a handler sees it. What is printed and recorded has a probe point.
struct ShownEvent {
  const Event* event = nullptr;
  const tapset::ProbePoint* point = nullptr;  // none of a timer, and at moments of the run
  std::string_view text{};                    // what pp() says
  std::int64_t realtime_offset = 0;           // what to add to event->time for ns since 1970
  tapset::FieldSet fields{};                  // what was captured; the rest is 0
  // Until then (ns, as event->time) everything had been delivered before: timers that were due by
  // then have run.
  std::uint64_t reached = 0;
  CgroupNames* cgroups = nullptr;  // what its cgroup is called; null: it was not captured
};

// A view: valid only during the call that hands it over. Text may hold any byte; `output` is
// exactly what is to be written, the others are one line without its newline.
struct Record {
  RecordKind kind = RecordKind::output;
  std::string_view text{};
  const ShownEvent* event = nullptr;  // of event and handed
  std::uint64_t count = 0;            // of loss and attached; of handed which channel; of moment ns
  Loss loss = Loss::buffer_full;
  Moment moment = Moment::began;
};

}  // namespace socktap
