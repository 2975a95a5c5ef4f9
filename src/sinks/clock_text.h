// Moments as people and machines read them. Events come in runs of the same second, whose text is
// made once.
#pragma once

#include <cstdint>
#include <string>

namespace socktap::sinks {

class ClockText {
 public:
  // Local time of day, in microseconds: "13:58:07.123456".
  void append_time_of_day(std::int64_t realtime_ns, std::string& out);

  // RFC 3339 in UTC, in nanoseconds: "2026-11-22T13:58:07.123456789Z".
  void append_rfc3339(std::int64_t realtime_ns, std::string& out);

 private:
  struct Cached {
    std::int64_t second = INT64_MIN;
    std::string text;
  };
  Cached local_, utc_;
};

// How long something took, in three digits and a unit: "950ns", "12.3us", "1.20s"; at most seven
// characters below 11 days.
void append_duration(std::uint64_t ns, std::string& out);

}  // namespace socktap::sinks
