// What a recording says of the run that it is of, besides its events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "event/event.h"
#include "event/loss.h"

namespace socktap::recording {

// How one thing that was to be observed was: the strategy's name, and the verdict in words.
struct RecordedPath {
  tapset::Operation operation;
  tapset::Phase phase;
  tapset::Path path;
  std::string strategy;
  std::string verdict;
  std::uint64_t driven = 0, seen = 0;  // by the calibration
};

// What is known when a recording begins.
struct Facts {
  std::string program;               // "socktap 0.1.0"
  std::string kernel;                // uname -r
  std::string machine;               // uname -m
  std::string source;                // "raw tracepoints"
  std::string command;               // of -c, as it was given
  std::vector<std::string> points;   // of which all events are recorded
  std::int64_t target = 0;           // target()
  std::int64_t realtime_offset = 0;  // what to add to times for ns since 1970
  tapset::FieldSet fields;           // that were captured
  std::vector<RecordedPath> paths;
  std::optional<std::uint64_t> file{};  // its number among those of a rotation
};

// The run's moments, ns of CLOCK_MONOTONIC: when its begin handlers ran, from when on timers count,
// until when they have run, and when its end handlers ran.
struct Moments {
  std::uint64_t began = 0;
  std::uint64_t started = 0;
  std::optional<std::uint64_t> reached, ended;  // none: the recording was broken off
};

}  // namespace socktap::recording
