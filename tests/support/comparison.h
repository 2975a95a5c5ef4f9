// Compares what was observed with what the workload promises: every event exactly once, in the
// order of its thread, with the right values.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "truth.h"

namespace socktap::test {

enum class Difference : std::uint8_t {
  missing,       // promised and not observed
  unexpected,    // observed and not promised
  repeated,      // observed again, after its promise was fulfilled
  wrong_value,   // observed once, but some value is not as promised
  out_of_order,  // a conclusion observed before the beginning of its call
};
std::string_view name_of(Difference difference);

struct Finding {
  Difference difference;
  std::string step;
  std::string text;  // the lines at fault, and which value differs
};

// How the promises that need not be kept (Happening::mark) fared.
struct MarkCount {
  std::string mark;
  std::uint64_t promised = 0;
  std::uint64_t observed = 0;
};

struct Comparison {
  std::vector<Finding> findings;
  std::vector<MarkCount> marks;  // by name
  std::uint64_t matched = 0;     // promises fulfilled
};

// Threads are compared one by one. Within a thread beginnings and conclusions are two sequences,
// each in order; that a beginning comes before its conclusion is checked beside. Promises without
// a thread are fulfilled by events of their process that no known thread made, in any order.
Comparison compare(std::span<const Happening> promised, std::span<const Happening> observed);

// The promises of a truth file; its comments and anything malformed go to `remarks`.
std::vector<Happening> read_truth(std::istream& in, std::vector<std::string>* remarks = nullptr);

// For the message of a failing test: at most `limit` findings, and the totals.
std::string describe(const Comparison& comparison, std::size_t limit = 20);

}  // namespace socktap::test
