// The rows of the catalogue, for its look-ups.
#pragma once

#include <span>

#include "tapset/catalogue.h"

namespace socktap::tapset {

std::span<const ProbePoint> socket_points();
std::span<const ProbePoint> neighbour_points();  // netdev.*, tcp.*, udp.*

}  // namespace socktap::tapset
