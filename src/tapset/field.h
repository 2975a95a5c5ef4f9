// What a collector can be asked to capture about an event. Variables and functions say which
// fields they need; the union of a script's needs is what is captured and sent.
#pragma once

#include <cstdint>

#include "tapset/enum_set.h"

namespace socktap::tapset {

enum class Field : std::uint8_t {
  task,  // pid and tid
  parent,
  uid,
  euid,
  gid,
  egid,
  comm,
  cpu,
  time,
  sock,
  size,
  protocol,
  family,
  state,
  flags,
  type,
  success,
  requester,
  err,
  msg_flags,
  latency,
};
inline constexpr int field_count = static_cast<int>(Field::latency) + 1;

using FieldSet = EnumSet<Field>;

}  // namespace socktap::tapset
