// Output that itself travels through a socket: tracing everything would trace the tracing.
#pragma once

#include <optional>
#include <string>

namespace socktap::cli {

// A sentence that names the filter which breaks the loop, if standard output (`fd`) is a socket, or
// a terminal that an sshd above us serves; nullopt otherwise.
std::optional<std::string> self_traffic_advice(int fd);

}  // namespace socktap::cli
