#include "event/event.h"

#include <fmt/format.h>

#include <cstring>

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
static_assert(SOCKTAP_BEGIN == value(Phase::begin));
static_assert(SOCKTAP_CONCLUSION == value(Phase::conclusion));
static_assert(SOCKTAP_PATH_NONE == value(Path::none));
static_assert(SOCKTAP_PATH_SENDMSG == value(Path::sendmsg));
static_assert(SOCKTAP_PATH_READV == value(Path::readv));
static_assert(SOCKTAP_FIELD_TASK == value(Field::task));
static_assert(SOCKTAP_FIELD_TIME == value(Field::time));
static_assert(SOCKTAP_FIELD_SIZE == value(Field::size));
static_assert(SOCKTAP_FIELD_FLAGS == value(Field::flags));
static_assert(SOCKTAP_FIELD_LATENCY == value(Field::latency));

}  // namespace

std::string_view comm_of(const Event& event) {
  return {event.comm, ::strnlen(event.comm, sizeof event.comm)};
}

#define SOCKTAP_LAYOUT(member, is_signed) \
  FieldLayout { offsetof(Event, member), sizeof(Event::member), is_signed }

FieldLayout layout_of(Field field) {
  switch (field) {
    case Field::task:
      return SOCKTAP_LAYOUT(tgid, false);
    case Field::parent:
      return SOCKTAP_LAYOUT(ppid, false);
    case Field::uid:
      return SOCKTAP_LAYOUT(uid, false);
    case Field::euid:
      return SOCKTAP_LAYOUT(euid, false);
    case Field::gid:
      return SOCKTAP_LAYOUT(gid, false);
    case Field::egid:
      return SOCKTAP_LAYOUT(egid, false);
    case Field::comm:
      return SOCKTAP_LAYOUT(comm, false);
    case Field::cpu:
      return SOCKTAP_LAYOUT(cpu, false);
    case Field::time:
      return SOCKTAP_LAYOUT(time, false);
    case Field::sock:
      return SOCKTAP_LAYOUT(sock, false);
    case Field::size:
      return SOCKTAP_LAYOUT(size, true);
    case Field::protocol:
      return SOCKTAP_LAYOUT(protocol, true);
    case Field::family:
      return SOCKTAP_LAYOUT(family, true);
    case Field::state:
      return SOCKTAP_LAYOUT(state, true);
    case Field::flags:
      return SOCKTAP_LAYOUT(flags, false);
    case Field::type:
      return SOCKTAP_LAYOUT(type, true);
    case Field::success:
      return SOCKTAP_LAYOUT(success, false);
    case Field::requester:
      return SOCKTAP_LAYOUT(requester, false);
    case Field::err:
      return SOCKTAP_LAYOUT(err, true);
    case Field::msg_flags:
      return SOCKTAP_LAYOUT(msg_flags, false);
    case Field::latency:
      return SOCKTAP_LAYOUT(latency, false);
  }
  __builtin_unreachable();
}

#undef SOCKTAP_LAYOUT

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
