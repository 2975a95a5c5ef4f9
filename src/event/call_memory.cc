// Flags of mappings and of System V's objects.
#include <fmt/format.h>
#include <linux/ipc.h>
#include <linux/mempolicy.h>

#include <algorithm>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;

namespace {

constexpr std::int64_t permission_bits = 0777;
constexpr std::uint32_t ipc_64 = 0x100;  // the caller's structs are the newer ones

std::string octal(std::int64_t number) { return fmt::format("0{:o}", number); }

std::string ipc_command(const constants::Constants& commands, std::int64_t value) {
  const auto command = static_cast<std::uint32_t>(value);
  const std::string name = constants::name_of(commands, command & ~ipc_64);
  return (command & ipc_64) != 0 ? "IPC_64|" + name : name;
}

// The size of huge pages, which six bits of the flags are the logarithm of.
std::string huge_page_text(std::uint32_t logarithm) {
  constexpr std::string_view units[] = {"", "KB", "MB", "GB", "TB", "PB", "EB"};
  const std::size_t unit = std::min<std::size_t>(logarithm / 10, std::size(units) - 1);
  return fmt::format("MAP_HUGE_{}{}", 1u << (logarithm - unit * 10), units[unit]);
}

}  // namespace

std::string mmap_flags(const CallVariable& variable, const CallView& view) {
  constexpr int huge_shift = 26;
  constexpr std::int64_t huge_bits = 0x3f;
  const std::int64_t flags = value_of(variable.of, view);
  const auto huge = static_cast<std::uint32_t>(flags >> huge_shift & huge_bits);
  const std::string text =
      constants::names_of_bits(constants::mmap_flags, flags & ~(huge_bits << huge_shift));
  return huge == 0 ? text : huge_page_text(huge) + '|' + text;
}

std::string mempolicy_mode(const CallVariable& variable, const CallView& view) {
  const auto mode = static_cast<std::uint32_t>(value_of(variable.of, view));
  const std::uint32_t flags = mode == ~0u ? 0 : mode & MPOL_MODE_FLAGS;
  std::string name = constants::name_of(constants::mempolicy_mode, mode & ~flags);
  if (flags == 0) return name;
  return constants::name_of(constants::mempolicy_mode_flags, flags) + '|' + name;
}

std::string shmget_flags(const CallVariable& variable, const CallView& view) {
  const auto flags = static_cast<std::uint32_t>(value_of(variable.of, view));
  std::string text = constants::names_of_bits(constants::shmget_flags, flags & ~permission_bits);
  if ((flags & permission_bits) != 0) text += '|' + octal(flags & permission_bits);
  return text;
}

// Unlike of shmget, no flags at all are written as nothing.
std::string ipc_flags(const CallVariable& variable, const CallView& view) {
  const std::int64_t value = value_of(variable.of, view);
  const std::int64_t permissions = value & permission_bits;
  const std::int64_t flags = value & ~permission_bits;
  std::string text = flags == 0 ? "" : constants::names_of_bits(constants::ipc_flags, flags);
  if (permissions != 0) text += (text.empty() ? "" : "|") + octal(permissions);
  return text;
}

std::string ipc_key(const CallVariable& variable, const CallView& view) {
  const std::int64_t key = value_of(variable.of, view);
  return key == IPC_PRIVATE ? "IPC_PRIVATE" : fmt::format("{}", key);
}

std::string semctl_command(const CallVariable& variable, const CallView& view) {
  return ipc_command(constants::semctl_commands, value_of(variable.of, view));
}

std::string msgctl_command(const CallVariable& variable, const CallView& view) {
  return ipc_command(constants::msgctl_commands, value_of(variable.of, view));
}

}  // namespace socktap::rendering
