// What there is to measure, part by part.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compare/round.h"

namespace socktap::bench {

struct Setup {
  Tools tools;
  std::string load;  // the program of tests/support/load
  bool quick = false;
};

struct Section {
  std::string_view name;  // as --only takes it
  std::string_view title;
  std::string_view grouped_by;  // what a case's group says; empty where there is none
  std::vector<Case> (*cases)(const Setup&);
  unsigned rounds;
  unsigned quick_rounds;
};

std::span<const Section> sections();

}  // namespace socktap::bench
