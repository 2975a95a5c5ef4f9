#include "event/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace socktap {
namespace {

using tapset::Field;
using tapset::Operation;
using tapset::Path;
using tapset::Phase;

template <typename E>
constexpr int value(E enumerator) {
  return static_cast<int>(enumerator);
}

static_assert(SOCKTAP_SEND == value(Operation::send));
static_assert(SOCKTAP_RECEIVE == value(Operation::receive));
static_assert(SOCKTAP_CREATE == value(Operation::create));
static_assert(SOCKTAP_CLOSE == value(Operation::close));
static_assert(SOCKTAP_NET_TRANSMIT == value(Operation::net_transmit));
static_assert(SOCKTAP_NET_RECEIVE == value(Operation::net_receive));
static_assert(SOCKTAP_SEGMENT == value(Operation::segment));
static_assert(SOCKTAP_DISCONNECT == value(Operation::disconnect));
static_assert(SOCKTAP_SYSTEM_CALL == value(Operation::call));
static_assert(SOCKTAP_PROCESS == value(Operation::process));
static_assert(SOCKTAP_OPERATIONS == tapset::operation_count);
static_assert(SOCKTAP_BEGIN == value(Phase::begin));
static_assert(SOCKTAP_CONCLUSION == value(Phase::conclusion));
static_assert(SOCKTAP_PATH_NONE == value(Path::none));
static_assert(SOCKTAP_PATH_SENDMSG == value(Path::sendmsg));
static_assert(SOCKTAP_PATH_READV == value(Path::readv));

}  // namespace

std::string_view text_at(const Event& event, std::size_t offset, std::size_t width) {
  const char* text = reinterpret_cast<const char*>(&event) + offset;
  return {text, ::strnlen(text, width)};
}

std::string_view comm_of(const Event& event) {
  return text_at(event, offsetof(Event, comm), sizeof event.comm);
}

FieldLayout layout_of(Field field) {
  constexpr FieldLayout layouts[] = {
// NOLINTBEGIN(bugprone-macro-parentheses): a member's name takes none
#define SOCKTAP_FIELD(name, NAME, part, member)                        \
  {offsetof(WholeEvent, part.member), sizeof(WholeEvent::part.member), \
   std::is_signed_v<decltype(WholeEvent::part.member)>,                \
   std::is_array_v<decltype(WholeEvent::part.member)>},
// NOLINTEND(bugprone-macro-parentheses)
#include "tapset/fields.def"
#undef SOCKTAP_FIELD
  };
  return layouts[static_cast<std::size_t>(field)];
}

std::size_t record_size(tapset::FieldSet fields) {
  constexpr std::size_t tail = offsetof(WholeEvent, tail);
  constexpr std::size_t ends_of_parts[] = {
      sizeof(Event), filterable_size, tail + offsetof(EventTail, call.capture_1),
      filterable_size + sizeof(EventTail::local), sizeof(WholeEvent)};
  static_assert(std::ranges::is_sorted(ends_of_parts));
  std::size_t needed = 0;
  for (int i = 0; i < tapset::field_count; ++i) {
    const FieldLayout layout = layout_of(static_cast<Field>(i));
    if (fields.contains(static_cast<Field>(i)))
      needed = std::max(needed, std::size_t{layout.offset} + layout.width);
  }
  return *std::ranges::lower_bound(ends_of_parts, needed);
}

std::int64_t load(const Event& event, FieldLayout layout) {
  switch (layout.width) {
    case 1:
      return layout.is_signed ? load_as<std::int8_t>(event, layout.offset)
                              : load_as<std::uint8_t>(event, layout.offset);
    case 2:
      return layout.is_signed ? load_as<std::int16_t>(event, layout.offset)
                              : load_as<std::uint16_t>(event, layout.offset);
    case 4:
      return layout.is_signed ? load_as<std::int32_t>(event, layout.offset)
                              : load_as<std::uint32_t>(event, layout.offset);
    default:
      return load_as<std::int64_t>(event, layout.offset);
  }
}

std::string describe(const Event& event) {
  return fmt::format(
      "{} {} {} time={} pid={} tid={} comm={} size={} protocol={} family={} state={} flags={:#x} "
      "type={} success={} requester={} err={} sock={}",
      tapset::name_of(operation_of(event)), tapset::name_of(phase_of(event)),
      tapset::name_of(path_of(event)), event.time, event.tgid, event.tid, comm_of(event),
      event.size, event.protocol, event.family, event.state, event.flags, event.type, event.success,
      event.requester, event.err, event.sock);
}

}  // namespace socktap
