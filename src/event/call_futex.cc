// The arguments of futex(2), which mean something else for each operation. An operation on a
// process's own futex is another number, and SystemTap has only the general form for it.
#include <fmt/format.h>
#include <linux/futex.h>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;
using Id = tapset::Variable;

namespace {

using TimeText = std::string (*)(const CallVariable&, const CallView&);

std::string wake_text(std::int32_t encoded) {
  const auto bits = static_cast<std::uint32_t>(encoded);
  const bool shift = (bits & (static_cast<std::uint32_t>(FUTEX_OP_OPARG_SHIFT) << 28)) != 0;
  const auto argument = static_cast<std::int32_t>(bits << 8) >> 20;
  const auto compared = static_cast<std::int32_t>(bits << 20) >> 20;
  return fmt::format("{{{}{}, {}, {}, {}}}", shift ? "FUTEX_OP_OPARG_SHIFT|" : "",
                     constants::name_of(constants::futex_wake_operations, bits >> 28 & 7), argument,
                     constants::name_of(constants::futex_comparisons, bits >> 24 & 15), compared);
}

std::string arguments_text(const CallView& view, TimeText time_text) {
  const auto address = [&](Id id) { return hex(static_cast<std::uint64_t>(value_of(id, view))); };
  const std::int64_t operation = value_of(Id::op, view);
  const std::int64_t val3 = value_of(Id::val3, view);
  const std::string time = time_text({.capture = 0}, view);
  // In place of the time, some operations have a second number.
  const auto number = static_cast<std::uint64_t>(value_of(Id::utime_uaddr, view));
  const std::string second = address(Id::uaddr2_uaddr);
  std::string start = fmt::format(
      "{}, {}, {}", address(Id::futex_uaddr),
      constants::name_of(constants::futex_operations, static_cast<std::uint32_t>(operation)),
      value_of(Id::val, view));
  const std::string bits = hex(static_cast<std::uint64_t>(val3));
  switch (operation) {
    case FUTEX_WAKE_BITSET:
      return fmt::format("{}, {}", start, bits);
    case FUTEX_WAIT:
      return fmt::format("{}, {}", start, time);
    case FUTEX_WAIT_BITSET:
      return fmt::format("{}, {}, {}", start, time, bits);
    case FUTEX_REQUEUE:
      return fmt::format("{}, {}, {}", start, static_cast<std::int64_t>(number), second);
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
      return fmt::format("{}, {}, {}, {}", start, number, second, val3);
    case FUTEX_WAKE_OP:
      return fmt::format("{}, {}, {}, {}", start, number, second,
                         wake_text(static_cast<std::int32_t>(val3)));
    case FUTEX_WAIT_REQUEUE_PI:
      return fmt::format("{}, {}, {}", start, time, second);
    default:
      return start;
  }
}

}  // namespace

std::string futex_arguments(const CallVariable&, const CallView& view) {
  return arguments_text(view, timespec);
}
std::string futex_arguments32(const CallVariable&, const CallView& view) {
  return arguments_text(view, timespec32);
}

}  // namespace socktap::rendering
