// The world's refusals as values: every operation that the kernel, the file system or the user's
// environment may refuse returns a Result. No exception crosses a folder.
#pragma once

#include <string>
#include <utility>

#include "socktap/result.h"

namespace socktap {

// Usage: return failure("no such file", "...");
inline tl::unexpected<Error> failure(std::string message, std::string hint = {}, int code = 0) {
  return tl::unexpected<Error>(Error{std::move(message), std::move(hint), code});
}

// An Error from errno: "WHAT: strerror(code)".
tl::unexpected<Error> system_failure(const std::string& what, int code, std::string hint = {});

}  // namespace socktap
