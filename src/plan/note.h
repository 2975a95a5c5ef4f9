// Why a piece of a script stayed in user space.
#pragma once

#include <cstdint>
#include <string>

#include "base/source_map.h"

namespace socktap::plan {

struct Note {
  enum class About : std::uint8_t { condition, handler };
  About about;
  Span span;
  std::string reason;  // "it prints"

  // "runs in the machine: it prints"
  std::string text() const {
    return (about == About::condition ? "this condition is tested in the machine: "
                                      : "runs in the machine: ") +
           reason;
  }
};

}  // namespace socktap::plan
