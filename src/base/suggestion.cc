#include "base/suggestion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/diagnostic.h"

namespace socktap {

std::string suggestion(std::string_view name, const std::vector<std::string_view>& known) {
  const auto near = nearest(name, known);
  return near ? fmt::format("did you mean {}?", *near)
              : fmt::format("there are {}", fmt::join(known, ", "));
}

}  // namespace socktap
