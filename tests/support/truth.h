// What happened on sockets, as one line of text each: written by the conformance workload about
// its own calls, and by whoever watches it. The two are then compared (comparison.h).
//
//   step=inet4_tcp/send/send n=17 op=send phase=conclusion path=sendmsg pid=7 tid=7 size=101 ...
//
// A value that is not in the line is not known and is not compared.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tapset/catalogue.h"

namespace socktap::test {

enum class Value : std::uint8_t {
  pid,
  tid,
  size,
  success,
  family,
  protocol,
  type,
  state,
  flags,
  requester,
  err,
  msg_flags,
};
inline constexpr int value_count = static_cast<int>(Value::msg_flags) + 1;
std::string_view name_of(Value value);

// A number of which only the bits of `mask` are known.
struct Known {
  std::int64_t number = 0;
  std::int64_t mask = -1;

  bool admits(std::int64_t other) const { return (other & mask) == (number & mask); }
  bool operator==(const Known&) const = default;
};

// One event, as promised or as observed.
struct Happening {
  std::string step;        // of the workload; empty if observed
  std::uint64_t call = 0;  // begin and conclusion of one call share it, within a thread
  tapset::Operation operation{};
  tapset::Phase phase{};
  tapset::PathSet paths{tapset::Path::none};  // any of these; of what is observed exactly one
  std::string comm;                           // empty: not known
  std::array<std::optional<Known>, value_count> values{};

  // Why it need not be observed, empty if it must be: "blind:aio-begin". See workload/marks.h.
  std::string mark;
  // The message may arrive in several pieces, as events in a row whose sizes add up to its size.
  bool in_pieces = false;

  std::optional<Known>& operator[](Value value) { return values[static_cast<std::size_t>(value)]; }
  const std::optional<Known>& operator[](Value value) const {
    return values[static_cast<std::size_t>(value)];
  }
  void set(Value value, std::int64_t number, std::int64_t mask = -1) {
    (*this)[value] = Known{number, mask};
  }
  // The number, or `otherwise` where it is not known.
  std::int64_t get(Value value, std::int64_t otherwise = -1) const {
    return (*this)[value] ? (*this)[value]->number : otherwise;
  }
};

// One line, without its newline.
std::string format(const Happening& happening);

// The reverse; nullopt if the line is malformed. Unknown keys are ignored, so that lines may say
// more than is compared.
std::optional<Happening> parse_happening(std::string_view line);

}  // namespace socktap::test
