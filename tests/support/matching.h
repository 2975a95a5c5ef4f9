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
  std::vector<Pair> pairs;
  std::vector<const Happening*> unfulfilled;
  std::vector<const Happening*> unpromised;
};

using Sequence = std::vector<const Happening*>;

// Both in order: a promise left out and an event left out are found by where the two sequences
// meet again.
Matching match_in_order(const Sequence& promised, const Sequence& observed);
Matching match_in_any_order(const Sequence& promised, const Sequence& observed);

// Whether the event can be meant by the promise: the same operation of the same size, or of the
// same kind of socket where there is no size. Other values may still differ.
bool fits(const Happening& promise, const Happening& event);

// "path: promised sendmsg, observed aio_write; state: ...": empty if all that is promised holds.
// The size of a piece is its own.
std::string differing_values(const Happening& promise, const Happening& event, bool is_piece);

}  // namespace socktap::test
