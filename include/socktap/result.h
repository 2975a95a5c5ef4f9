/// @file
/// The world's refusals as values: what the kernel, the file system or a script's author may be
/// wrong about comes back as a Result. The library throws nothing of its own.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace socktap {

/// What was refused, and what the reader of the message can do about it.
struct Error {
  /// "cannot attach raw tracepoint sock_send_length: Operation not permitted"; of a script's
  /// mistakes what the compiler says of them, with places, on several lines.
  std::string message;
  /// "needs CAP_BPF and CAP_PERFMON"; may be empty.
  std::string hint;
  /// errno where it is known, else 0.
  int code = 0;
};

/// A `T`, or why there is none.
template <typename T>
using Result = tl::expected<T, Error>;

}  // namespace socktap
