#include "event/constants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace socktap::constants {
namespace {

// As C would have it with the flag '#', but that 0 has its prefix too.
std::string number(std::int64_t value, int base) {
  switch (base) {
    case 8:
      return fmt::format("0{:o}", static_cast<std::uint64_t>(value));
    case 10:
      return fmt::format("{}", value);
    default:
      return fmt::format("{:#x}", static_cast<std::uint64_t>(value));
  }
}

}  // namespace

std::string name_of(const Constants& constants, std::int64_t value, int base) {
  const auto* const found = std::ranges::find(constants, value, &Constant::value);
  return found == constants.end() ? number(value, base) : found->name;
}

std::string names_of_bits(const Constants& constants, std::int64_t value, int base) {
  if (value == 0) return name_of(constants, value, base);
  std::string text;
  const auto append = [&](std::string_view part) {
    if (!text.empty()) text += '|';
    text += part;
  };
  for (const Constant& constant : constants) {
    if ((constant.value & value) == 0) continue;
    append(constant.name);
    value &= ~constant.value;
  }
  if (value != 0) append(number(value, base));
  return text;
}

}  // namespace socktap::constants
