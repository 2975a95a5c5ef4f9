// An event: one thing that happened on a socket, as every source reports it.
#pragma once

#include <linux/types.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "event/wire.h"
#include "tapset/calls.h"
#include "tapset/catalogue.h"
#include "tapset/field.h"

namespace socktap {

using Event = ::socktap_record;

using EventTail = ::socktap_tail;
using WholeEvent = ::socktap_whole_record;

static_assert(sizeof(Event) == 128);
static_assert(offsetof(Event, sock) == 64, "what happened starts the second cache line");
static_assert(offsetof(WholeEvent, tail) == sizeof(Event));

// How far what lies in front reaches that conditions can be tested on where events arise.
inline constexpr std::size_t filterable_size = sizeof(Event) + sizeof(::socktap_first_tail);
static_assert(offsetof(WholeEvent, tail.call) == filterable_size);
static_assert(offsetof(WholeEvent, tail.local) == filterable_size);
static_assert(sizeof(WholeEvent) == 640);

// The tail of an event that has one: of a source whose plan asks for a field of it, or a part of a
// WholeEvent.
inline const EventTail& tail_of(const Event& event) {
  return reinterpret_cast<const WholeEvent&>(event).tail;
}

inline tapset::Operation operation_of(const Event& event) {
  return static_cast<tapset::Operation>(event.operation);
}
inline tapset::Phase phase_of(const Event& event) {
  return static_cast<tapset::Phase>(event.phase);
}
inline tapset::Path path_of(const Event& event) { return static_cast<tapset::Path>(event.path); }

// Whether the handlers that run where events arise have handled it there.
inline bool is_kept(const Event& event) {
  return operation_of(event) <= tapset::Operation::close && event.kept != 0;
}

// Whether its kind, phase and path are some that there are. What reads records from memory or from
// files asks this of each; everybody behind it relies on that.
inline bool is_well_formed(const Event& event) {
  return event.operation < tapset::operation_count && event.phase <= SOCKTAP_CONCLUSION &&
         event.path <= SOCKTAP_PATH_READV &&
         (operation_of(event) != tapset::Operation::call ||
          event.call_form <= tapset::calls().size());
}

// A zero-padded text at an offset, without its padding; a view into the event.
std::string_view text_at(const Event& event, std::size_t offset, std::size_t width);
std::string_view comm_of(const Event& event);

// Where a field lies in the whole record. `task` stands for the thread group's id (pid); the
// thread's own is at `tid_layout`.
struct FieldLayout {
  std::uint16_t offset;
  std::uint16_t width;  // bytes: of a number 1, 2, 4, 8; of a text what it is padded to
  bool is_signed;
  bool is_text;  // zero-padded
};
FieldLayout layout_of(tapset::Field field);
inline constexpr FieldLayout tid_layout{offsetof(Event, tid), 4, false, false};

// How many bytes a record must have for these fields: those of the event, and of the parts of its
// tail up to the last that is needed.
std::size_t record_size(tapset::FieldSet fields);

// The number of type T at an offset, extended to 64 bits.
template <typename T>
std::int64_t load_as(const Event& event, std::size_t offset) {
  T number;
  std::memcpy(&number, reinterpret_cast<const char*>(&event) + offset, sizeof number);
  return static_cast<std::int64_t>(number);
}

// The same at a layout, which is not a text's.
std::int64_t load(const Event& event, FieldLayout layout);

// The event as one line for tests and dumps: "send conclusion sendmsg pid=7 size=3 ...".
std::string describe(const Event& event);

}  // namespace socktap
