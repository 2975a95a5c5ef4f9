// How soon the reader of the events gets a CPU when it wants one.
#pragma once

namespace socktap::cli {

// Events wait in buffers that hold some ten milliseconds of the worst traffic, and on a busy
// machine an ordinary process may wait longer than that for its turn. So the calling thread asks
// for the lowest real-time priority: it preempts ordinary work when it wakes and nothing in a
// greater hurry. It is not to keep a CPU to itself: once it has run for longer than
// `longest_turn_us` without a pause (the kernel counts), it is an ordinary process of raised
// priority for the rest of the run.
//
// Where either is refused, more may be lost, and is counted. Child processes do not inherit it.
void take_turns_promptly();

inline constexpr unsigned longest_turn_us = 200'000;

}  // namespace socktap::cli
