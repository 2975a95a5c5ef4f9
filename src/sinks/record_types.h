// What kinds of records are called where machines read them.
#pragma once

#include <string_view>

#include "event/record.h"

namespace socktap::sinks {

// As bpftrace calls what it has, too.
constexpr std::string_view type_of(RecordKind kind) {
  switch (kind) {
    case RecordKind::output:
      return "printf";
    case RecordKind::warning:
      return "warning";
    case RecordKind::error:
      return "error";
    case RecordKind::event:
      return "event";
    case RecordKind::loss:
      return "lost_events";
    case RecordKind::attached:
      return "attached_probes";
    case RecordKind::handed:
    case RecordKind::moment:
    case RecordKind::next_file:
      break;
  }
  return "";
}

}  // namespace socktap::sinks
