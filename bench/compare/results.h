// All that one run of the bench found out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compare/commands.h"
#include "compare/round.h"
#include "compare/start.h"

namespace socktap::bench {

struct Machine {
  std::string date;
  std::string processor;
  unsigned cpus = 0;
  std::string kernel;
  std::string distribution;
  std::vector<std::string> versions;  // of what was measured
};

struct SectionResults {
  std::string name;
  std::string title;
  std::string grouped_by;
  std::vector<Measured> measured;
};

struct Results {
  Machine machine;
  std::uint64_t seed = 0;
  bool quick = false;
  double seconds = 0;  // that it took
  std::vector<SectionResults> sections;
  std::vector<CommandCost> commands;
  std::vector<Started> starts;

  // Nothing where it was not measured.
  const Measured* find(std::string_view section, std::string_view subject,
                       std::string_view group = "") const;
  const CommandCost* find_command(std::string_view sockets, std::string_view subject) const;
  const Started* find_start(std::string_view subject) const;
};

}  // namespace socktap::bench
