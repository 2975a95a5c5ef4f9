// The arguments of quotactl(2), which mean something else for each command.
#include <fmt/format.h>
#include <linux/quota.h>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;
using Id = tapset::Variable;

namespace {

constexpr std::int8_t special = 0, structure = 1;  // captures

std::string limits_text(const CallMemory& memory) {
  std::string text = missing(memory, 72);
  if (!text.empty()) return text;
  const auto at = [&](std::size_t index) { return memory.at<std::uint64_t>(index * 8); };
  return fmt::format(
      "{{dqb_bhardlimit={}, dqb_bsoftlimit={}, dqb_curspace={}, dqb_ihardlimit={}, "
      "dqb_isoftlimit={}, ...}}",
      at(0), at(1), at(2), at(3), at(4));
}

std::string info_text(const CallMemory& memory) {
  std::string text = missing(memory, 24);
  if (!text.empty()) return text;
  return fmt::format("{{dqi_bgrace={}, dqi_igrace={}, dqi_flags={}, dqi_valid={}}}",
                     memory.at<std::uint64_t>(0), memory.at<std::uint64_t>(8),
                     memory.at<std::int32_t>(16), memory.at<std::int32_t>(20));
}

// SystemTap gives a path here; what was captured for the structs holds its beginning.
std::string path_text(const CallView& view) { return quoted({.capture = structure}, view); }

}  // namespace

std::string quota_command(const CallVariable& variable, const CallView& view) {
  const auto command = static_cast<std::uint32_t>(value_of(variable.of, view));
  std::string text = constants::name_of(constants::quota_commands, command >> SUBCMDSHIFT);
  switch (const std::uint32_t type = command & SUBCMDMASK) {
    case USRQUOTA:
      return text + "|USRQUOTA";
    case GRPQUOTA:
      return text + "|GRPQUOTA";
    default:
      return text + '|' + hex(type);
  }
}

std::string quotactl_arguments(const CallVariable&, const CallView& view) {
  const auto command = static_cast<std::uint32_t>(value_of(Id::cmd, view));
  const std::string name = quota_command({.of = Id::cmd}, view);
  const std::string device = quoted({.capture = special}, view);
  const std::int64_t id = value_of(Id::id, view);
  const auto address = static_cast<std::uint64_t>(value_of(Id::addr_uaddr, view));
  const CallMemory memory = memory_of(structure, view);
  switch (command >> SUBCMDSHIFT) {
    case Q_QUOTAON:
      return fmt::format(
          "{}, {}, {}, {}", name, device,
          constants::name_of(constants::quota_formats, static_cast<std::int32_t>(id)),
          path_text(view));
    case Q_GETQUOTA:
    case Q_SETQUOTA:
      return fmt::format("{}, {}, {}, {}", name, device, id, limits_text(memory));
    case Q_GETINFO:
    case Q_SETINFO:
      return fmt::format("{}, {}, {}, {}", name, device, id, info_text(memory));
    case Q_GETFMT:
      return fmt::format("{}, {}, {}, {:x}", name, device, id, address);
    case Q_SYNC:
    case Q_QUOTAOFF:
      return fmt::format("{}, {}, {}, {:#x}", name, device, id, address);
    default:
      return fmt::format("{}, {:#x}, {}, {:#x}", name,
                         static_cast<std::uint64_t>(value_of(Id::special, view)), id, address);
  }
}

}  // namespace socktap::rendering
