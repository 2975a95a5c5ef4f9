#include "cli/strategy_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostic.h"
#include "sources/ebpf/strategy.h"

namespace socktap::cli {

Result<void> check_strategy_names(const std::vector<std::string>& names) {
  std::vector<std::string_view> known;
  for (const auto& strategy : sources::ebpf::strategies()) known.push_back(strategy.name);
  for (const std::string& name : names) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto near = nearest(name, known);
    return failure("--disable-strategy " + name + ": there is no such strategy",
                   near ? fmt::format("did you mean {}?", *near)
                        : fmt::format("there are {}", fmt::join(known, ", ")));
  }
  return {};
}

}  // namespace socktap::cli
