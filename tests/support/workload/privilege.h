// What this process may do here, found out without opening a socket.
#pragma once

namespace socktap::workload {

bool has_ipv6();     // a loopback address of IPv6
bool may_use_raw();  // CAP_NET_RAW: packet and raw sockets

}  // namespace socktap::workload
