// The rows of the catalogue, for its look-ups.
#pragma once

#include <span>

#include "tapset/catalogue.h"

namespace socktap::tapset {

std::span<const ProbePoint> socket_points();
std::span<const ProbePoint> neighbour_points();  // netdev.*, tcp.*, udp.*
std::span<const ProbePoint> any_call_points();   // syscall_any

}  // namespace socktap::tapset
