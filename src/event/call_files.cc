// Flags and modes of files.
#include <fmt/format.h>
#include <linux/fanotify.h>
#include <linux/fcntl.h>
#include <sys/stat.h>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;

namespace {

// As %#o of SystemTap, where 0 has its prefix too.
std::string octal(std::int64_t number) { return fmt::format("0{:o}", number); }

std::string_view access_name(std::int32_t flags) {
  switch (flags & O_ACCMODE) {
    case O_WRONLY:
      return "O_WRONLY";
    case O_RDWR:
      return "O_RDWR";
    default:
      return "O_RDONLY";
  }
}

}  // namespace

std::string directory_fd(const CallVariable& variable, const CallView& view) {
  const std::int64_t fd = value_of(variable.of, view);
  return fd == AT_FDCWD ? "AT_FDCWD" : fmt::format("{}", fd);
}

std::string open_flags(const CallVariable& variable, const CallView& view) {
  const auto flags = static_cast<std::int32_t>(value_of(variable.of, view));
  std::string text(access_name(flags));
  const std::int32_t others = flags & ~O_ACCMODE;
  if (others != 0) text += '|' + constants::names_of_bits(constants::dup3_flags, others);
  return text;
}

// What follows the flags of open only if they ask for a file to be made: its mode.
std::string creation_mode(const CallVariable& variable, const CallView& view) {
  if ((value_of(variable.of, view) & O_CREAT) == 0) return {};
  return ", " + octal(value_of(variable.with, view));
}

// The same of the attributes of a message queue.
std::string creation_attributes(const CallVariable& variable, const CallView& view) {
  if ((value_of(variable.of, view) & O_CREAT) == 0) return {};
  return ", " + hex(static_cast<std::uint64_t>(value_of(variable.with, view)));
}

std::string fanotify_init_flags(const CallVariable& variable, const CallView& view) {
  constexpr std::uint32_t class_bits = FAN_CLASS_NOTIF | FAN_CLASS_CONTENT | FAN_CLASS_PRE_CONTENT;
  const auto flags = static_cast<std::uint32_t>(value_of(variable.of, view));
  std::string text = constants::name_of(constants::fanotify_class, flags & class_bits);
  const std::uint32_t others = flags & ~class_bits;
  if (others != 0) text += '|' + constants::names_of_bits(constants::fanotify_other_flags, others);
  return text;
}

std::string node_mode(const CallVariable& variable, const CallView& view) {
  const std::int64_t mode = value_of(variable.of, view);
  for (const auto& [type, name] : constants::file_types) {
    if ((mode & S_IFMT) == type) return fmt::format("{}|{}", name, octal(mode & ~S_IFMT));
  }
  return octal(mode);
}

// The priority is part of the flags.
std::string swap_flags(const CallVariable& variable, const CallView& view) {
  constexpr std::uint32_t priority_bits = 0x7fff;
  constexpr std::uint32_t prefer = 0x8000;
  const auto flags = static_cast<std::uint32_t>(value_of(variable.of, view));
  std::string text = constants::names_of_bits(constants::swap_flags, flags & ~priority_bits);
  if ((flags & prefer) != 0) text += fmt::format("|{}", flags & priority_bits);
  return text;
}

std::string pipe_arguments(const CallVariable&, const CallView& view) {
  using Id = tapset::Variable;
  if (value_of(Id::fildes_uaddr, view) == 0) return "NULL";
  std::string text = fmt::format("[{}, {}]", value_of(Id::pipe0, view), value_of(Id::pipe1, view));
  const std::string flags = text_of(*view.call->find(Id::flag_str), view);
  return flags.empty() ? text : text + ", " + flags;
}

std::string sysfs_arguments(const CallVariable&, const CallView& view) {
  using Id = tapset::Variable;
  const std::int64_t option = value_of(Id::option, view);
  const auto first = value_of(Id::arg1, view);
  const auto second = static_cast<std::uint64_t>(value_of(Id::arg2, view));
  switch (option) {
    case 1:
      return fmt::format("{}, {}", option, quoted({.capture = 0}, view));
    case 2:
      return fmt::format("{}, {}, {:#x}", option, first, second);
    case 3:
      return fmt::format("{}", option);
    default:
      return fmt::format("{}, {:#x}, {:#x}", option, static_cast<std::uint64_t>(first), second);
  }
}

}  // namespace socktap::rendering
