// Where socktap has to be, and whether it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compare/results.h"

namespace socktap::bench {

struct Judgement {
  std::string work;
  std::string target;  // "≤ 110 ns/event"
  std::optional<double> measured;
  std::string unit;
  bool met = false;
  std::string reason;  // why there is no figure; else empty
};

// Every target, in the order of their table.
std::vector<Judgement> judge(const Results& results);

}  // namespace socktap::bench
