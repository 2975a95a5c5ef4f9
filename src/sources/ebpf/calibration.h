// Checks that what was attached sees what it should: makes operations on sockets of its own and
// counts the events that come of each. Attaching with success is not coverage.
#pragma once

#include <cstdint>
#include <vector>

#include "event/event.h"
#include "sources/coverage.h"
#include "sources/ebpf/interest.h"

namespace socktap::sources::ebpf {

class Calibration {
 public:
  // `every_family`: on sockets of all families and types, not only on one.
  Calibration(const Interest& interest, bool every_family);

  // Makes the operations, on the calling thread. They take some ten microseconds a family.
  void drive();

  // Counts an event that was seen meanwhile.
  void see(const Event& event);

  // How an operation's phase fared on a path.
  struct Outcome {
    Verdict verdict = Verdict::not_verified;
    std::uint64_t driven = 0;
    std::uint64_t seen = 0;
  };
  Outcome outcome(tapset::Operation operation, tapset::Phase phase, tapset::Path path) const;

 private:
  // One event that must come, told from others by its size.
  struct Expectation {
    tapset::Operation operation;
    tapset::Phase phase;
    tapset::Path path;
    std::int64_t size;
    std::uint64_t seen = 0;
  };
  struct Pair;  // two connected sockets

  void exchange(const Pair& pair, tapset::Path send, tapset::Path receive);
  void expect(tapset::Operation operation, tapset::Path path, std::int64_t size);
  void expect_sockets(tapset::Operation operation, std::uint64_t count);

  Interest interest_;
  bool every_family_;
  std::int64_t next_size_;
  std::vector<Expectation> messages_;
  Outcome sockets_[2][2];  // created, closed; begin, conclusion
};

}  // namespace socktap::sources::ebpf
