// The least that watching messages can cost: on each of the two tracepoints a program that returns
// 0.
#pragma once

namespace socktap::bench {

// Attaches them, prints "ready", and waits for SIGINT. Returns an exit status.
int run_floor();

}  // namespace socktap::bench
