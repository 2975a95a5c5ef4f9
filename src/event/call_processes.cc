// Processes: flags of their making, scheduling, and structs about them.
#include <fmt/format.h>
#include <linux/sched.h>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;

std::string fork_flags(const CallVariable& variable, const CallView& view) {
  constexpr std::int64_t signal_bits = 0xff;  // what the parent gets at the end
  const std::int64_t value = value_of(variable.of, view);
  std::string text = constants::names_of_bits(constants::fork_flags, value & ~signal_bits);
  const std::int64_t signal = value & signal_bits;
  return signal == 0 ? text : text + '|' + constants::name_of(constants::signal_name, signal);
}

std::string sched_policy(const CallVariable& variable, const CallView& view) {
  const auto value = static_cast<std::int32_t>(value_of(variable.of, view));
  auto policy = static_cast<std::uint32_t>(value);
  std::string text;
  if (value > 0 && (policy & SCHED_RESET_ON_FORK) != 0) {
    text = "SCHED_RESET_ON_FORK|";
    policy &= ~static_cast<std::uint32_t>(SCHED_RESET_ON_FORK);
  }
  return text + constants::name_of(constants::sched_policies, policy);
}

std::string ioprio_value(const CallVariable& variable, const CallView& view) {
  constexpr int class_shift = 13;
  const auto value = static_cast<std::uint32_t>(value_of(variable.of, view));
  return fmt::format("{}|{}",
                     constants::name_of(constants::ioprio_classes, value >> class_shift & 7),
                     value & ((1u << class_shift) - 1));
}

std::string rlimit(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 16);
  if (!text.empty()) return text;
  return fmt::format("[{},{}]", memory.at<std::int64_t>(0), memory.at<std::int64_t>(8));
}

std::string tms(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 32);
  if (!text.empty()) return text;
  const auto at = [&](std::size_t index) { return memory.at<std::uint64_t>(index * 8); };
  return fmt::format("{{tms_utime={}, tms_stime={}, tms_cutime={}, tms_cstime={}}}", at(0), at(1),
                     at(2), at(3));
}

std::string sysinfo(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 112);
  if (!text.empty()) return text;
  const auto at = [&](std::size_t index) { return memory.at<std::uint64_t>(index * 8); };
  return fmt::format(
      "{{uptime={}, loads=[{}, {}, {}], totalram={}, freeram={}, sharedram={}, bufferram={}, "
      "totalswap={}, freeswap={}, procs={}}}",
      memory.at<std::int64_t>(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9),
      memory.at<std::uint16_t>(80));
}

std::string sched_attr(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 48);
  if (!text.empty()) return text;
  return fmt::format(
      "{{size={}, sched_policy={}, sched_flags={}, sched_nice={}, sched_priority={}, "
      "sched_runtime={}, sched_deadline={}, sched_period={}}}",
      memory.at<std::uint32_t>(0), memory.at<std::uint32_t>(4), memory.at<std::uint64_t>(8),
      memory.at<std::int32_t>(16), memory.at<std::uint32_t>(20), memory.at<std::uint64_t>(24),
      memory.at<std::uint64_t>(32), memory.at<std::uint64_t>(40));
}

std::string user_desc(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string text = missing(memory, 16);
  if (!text.empty()) return text;
  const auto flags = memory.at<std::uint32_t>(12);
  const auto bits = [&](int shift, std::uint32_t mask) { return flags >> shift & mask; };
  return fmt::format(
      "{{entry_number={}, base_addr={}, limit={}, seg_32bit={}, contents={}, read_exec_only={}, "
      "limit_in_pages={}, seg_not_present={}, useable={}, lm={}}}",
      memory.at<std::uint32_t>(0), memory.at<std::uint32_t>(4), memory.at<std::uint32_t>(8),
      bits(0, 1), bits(1, 3), bits(3, 1), bits(4, 1), bits(5, 1), bits(6, 1), bits(7, 1));
}

}  // namespace socktap::rendering
