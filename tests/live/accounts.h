// What a load made and what socktap says it lost: the two sides of seen + lost == produced. What
// was produced is what the load counted, never what socktap did.
#pragma once

#include <cstdint>
#include <string>

#include "command.h"

namespace socktap::test {

struct Produced {
  std::uint64_t sends = 0;
  std::uint64_t receives = 0;
  double seconds = 0;

  std::uint64_t events() const { return sends + receives; }
};

// A command line that runs tests/support/load, which leaves its count in the file.
std::string load_command(const std::string& arguments, const TemporaryFile& count);
Produced read_count(const TemporaryFile& count);

// The sum of the lines "WARNING: N events lost because ... `cause` ..."; of all causes with "".
std::uint64_t lost(const std::string& errors, const std::string& cause = "");

}  // namespace socktap::test
