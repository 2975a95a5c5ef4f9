// The world's refusals as values: every operation that the kernel, the file system or the user's
// environment may refuse returns a Result. No exception crosses a folder.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace socktap {

// What was refused, and what the reader of the message can do about it.
struct Error {
  std::string message;  // "cannot attach raw tracepoint sock_send_length: Operation not permitted"
  std::string hint;     // "needs CAP_BPF and CAP_PERFMON"; may be empty
  int code = 0;         // errno where it is known, else 0
};

template <typename T>
using Result = tl::expected<T, Error>;

// Usage: return failure("no such file", "...");
inline tl::unexpected<Error> failure(std::string message, std::string hint = {}, int code = 0) {
  return tl::unexpected<Error>(Error{std::move(message), std::move(hint), code});
}

// An Error from errno: "WHAT: strerror(code)".
tl::unexpected<Error> system_failure(const std::string& what, int code, std::string hint = {});

}  // namespace socktap
