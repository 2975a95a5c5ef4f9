// How the tables of probe points are written down.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "tapset/catalogue.h"

namespace socktap::tapset {

constexpr Binding of(Variable variable, const Extraction& from) { return {variable, from}; }
constexpr Binding ours(Variable variable, const Extraction& from) {
  return {variable, from, false};
}

template <std::size_t... sizes>
constexpr auto join(const std::array<Binding, sizes>&... parts) {
  std::array<Binding, (sizes + ...)> whole{};
  auto next = whole.begin();
  ((next = std::ranges::copy(parts, next).out), ...);
  return whole;
}

inline constexpr PathSet no_path{Path::none};

// Ours, at every point of a socket that has any variable but its name; 0 or "" where they do not
// apply.
inline constexpr std::array our_addresses{
    ours(Variable::local_addr, AddressText{Field::local_address}),
    ours(Variable::local_port, Field::local_port),
    ours(Variable::remote_addr, AddressText{Field::remote_address}),
    ours(Variable::remote_port, Field::remote_port)};

}  // namespace socktap::tapset
