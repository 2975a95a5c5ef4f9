// Pairs promises with the events that fulfil them.
#pragma once

#include <string>
#include <vector>

#include "truth.h"

namespace socktap::test {

struct Pair {
  const Happening* promise;
  std::vector<const Happening*> events;  // one, or the pieces
};

struct Matching {
  std::vector<Pair> pairs;  // values may still differ
  std::vector<const Happening*> unfulfilled;
  std::vector<const Happening*> unpromised;
};

using Sequence = std::vector<const Happening*>;

// Both in order: the alignment with the fewest promises and events left out and values that differ.
Matching match_in_order(const Sequence& promised, const Sequence& observed);
Matching match_in_any_order(const Sequence& promised, const Sequence& observed);

// Whether every value of the promise holds.
bool agrees(const Happening& promise, const Happening& event);

// "path: promised sendmsg, observed aio_write; state: ...": empty if all that is promised holds.
// The size of a piece is its own.
std::string differing_values(const Happening& promise, const Happening& event, bool is_piece);

}  // namespace socktap::test
