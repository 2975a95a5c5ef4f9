// Why a piece of a script stayed in user space.
#pragma once

#include <string>

#include "base/source_map.h"

namespace socktap::plan {

struct Note {
  Span span;
  std::string text;
};

}  // namespace socktap::plan
