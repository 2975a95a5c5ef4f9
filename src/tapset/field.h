// What a collector can be asked to capture about an event. Variables and functions say which
// fields they need; the union of a script's needs is what is captured and sent.
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

#include "tapset/enum_set.h"

namespace socktap::tapset {

enum class Field : std::uint8_t {
#define SOCKTAP_FIELD(name, NAME, part, member) name,
#include "tapset/fields.def"
#undef SOCKTAP_FIELD
};

inline constexpr std::string_view field_names[] = {
#define SOCKTAP_FIELD(name, NAME, part, member) #name,
#include "tapset/fields.def"
#undef SOCKTAP_FIELD
};
inline constexpr int field_count = static_cast<int>(std::size(field_names));

using FieldSet = EnumSet<Field>;

}  // namespace socktap::tapset
