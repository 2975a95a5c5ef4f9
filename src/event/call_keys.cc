// The arguments of keyctl(2), which mean something else for each command, and of bdflush(2).
#include <fmt/format.h>
#include <linux/keyctl.h>

#include <optional>

#include "event/call_rendering.h"
#include "event/constants.h"

namespace socktap::rendering {

using tapset::CallVariable;
using Id = tapset::Variable;

namespace {

// How a command writes arg2 to arg5, one letter each:
//   d  signed word        u  unsigned word      p  address        k  a keyring's name
//   q  the default keyring's name               m  permissions    s  a string in memory
struct Row {
  std::int64_t command;
  std::string_view letters;
};

constexpr Row rows[] = {
    {KEYCTL_READ, "kpd"},
    {KEYCTL_DESCRIBE, "kpd"},
    {KEYCTL_GET_SECURITY, "kpd"},
    {KEYCTL_UPDATE, "dsd"},
    {KEYCTL_REVOKE, "d"},
    {KEYCTL_CLEAR, "d"},
    {KEYCTL_INVALIDATE, "d"},
    {KEYCTL_ASSUME_AUTHORITY, "d"},
    {KEYCTL_LINK, "dd"},
    {KEYCTL_UNLINK, "dd"},
    {KEYCTL_SEARCH, "dssd"},
    {KEYCTL_CHOWN, "ddd"},
    {KEYCTL_SETPERM, "dm"},
    {KEYCTL_INSTANTIATE, "dsdd"},
    {KEYCTL_INSTANTIATE_IOV, "dpdd"},
    {KEYCTL_NEGATE, "dud"},
    {KEYCTL_REJECT, "duud"},
    {KEYCTL_SET_TIMEOUT, "du"},
    {KEYCTL_GET_KEYRING_ID, "kd"},
    {KEYCTL_SET_REQKEY_KEYRING, "q"},
    {KEYCTL_JOIN_SESSION_KEYRING, "p"},
    {KEYCTL_GET_PERSISTENT, "dd"},
};

std::optional<std::string_view> letters_of(std::int64_t command) {
  for (const Row& row : rows) {
    if (row.command == command) return row.letters;
  }
  return std::nullopt;
}

std::string argument_text(char letter, std::size_t argument, const CallView& view) {
  const std::int64_t number = argument_of(tapset::Width::word, argument, view);
  const auto bits =
      static_cast<std::uint64_t>(argument_of(tapset::Width::unsigned_word, argument, view));
  const auto low = static_cast<std::int32_t>(bits);
  switch (letter) {
    case 'u':
      return fmt::format("{}", bits);
    case 'p':
      return hex(bits);
    case 'k':
      return constants::name_of(constants::keyrings, low, 10);
    case 'q':
      return constants::name_of(constants::default_keyrings, low, 10);
    case 'm':
      return constants::names_of_bits(constants::key_permissions, static_cast<std::uint32_t>(low),
                                      10);
    case 's':  // the strings are arg3 and arg4, and so are the captures
      return quoted({.capture = static_cast<std::int8_t>(argument - 2)}, view);
    default:
      return fmt::format("{}", number);
  }
}

}  // namespace

std::string keyctl_arguments(const CallVariable&, const CallView& view) {
  const std::int64_t command = value_of(Id::option, view);
  const auto letters = letters_of(command);
  std::string text = letters ? constants::name_of(constants::key_commands, command, 10)
                             : fmt::format("{}", command);
  std::size_t argument = 1;
  for (const char letter : letters.value_or("dddd")) {
    text += ", " + argument_text(letter, argument++, view);
  }
  return text;
}

// Even functions from 2 on write to an address, the others take a number.
std::string bdflush_data(const CallVariable& variable, const CallView& view) {
  const std::int64_t function = value_of(variable.with, view);
  const std::int64_t data = value_of(variable.of, view);
  const bool is_address = function >= 2 && function % 2 == 0;
  return is_address ? hex(static_cast<std::uint64_t>(data)) : fmt::format("{}", data);
}

}  // namespace socktap::rendering
