// Checks that what was attached sees what it should: makes operations on sockets of its own and
// counts the events that come of each. Attaching with success is not coverage.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "sources/calibration/loopback.h"
#include "sources/calibration/ways.h"
#include "sources/coverage.h"
#include "sources/interest.h"

namespace socktap::sources {

class Calibration {
 public:
  // How much is driven: each path on one socket; on one of every family and type; by all the calls
  // that lead to it, too.
  enum class Extent { paths, families, calls };

  // Tries out which families there are: what it does is not to be seen.
  Calibration(const Interest& interest, Extent extent);

  // The number of the system call that drive() makes: it does nothing, and any thread may.
  static long system_call();

  // Makes the operations, on the calling thread. They take some ten microseconds a family and some
  // hundred with all calls.
  void drive();

  // Whether an event of this process, with its tgid and tid, came of drive(): other threads have
  // their own. Packets have no thread; their size tells.
  bool has_made(const Event& event) const;

  // Counts an event that was seen meanwhile.
  void see(const Event& event);

  // How an operation's phase fared on a path.
  struct Outcome {
    Verdict verdict = Verdict::not_verified;
    std::uint64_t driven = 0;
    std::uint64_t seen = 0;
    std::vector<std::string> missed;  // "recvmsg on TCP over IPv6"
  };
  Outcome outcome(tapset::Operation operation, tapset::Phase phase, tapset::Path path) const;

 private:
  // One event that must come, told from others by its size.
  struct Expectation {
    tapset::Operation operation;
    tapset::Phase phase;
    tapset::Path path;
    std::int64_t size;
    std::string_view call;
    std::string_view kind;  // of socket
    std::uint64_t seen = 0;
  };

  std::vector<SocketPair> open_pairs() const;
  void exchange(const SocketPair& pair);
  bool move(const Way& way, int socket, std::size_t size, std::string_view kind);
  void close_otherwise();
  void send_packet();
  void send_segment();
  void disconnect();
  void call();
  void fork_child();
  SocketPair open_pair(SocketPair pair);  // which will be closed when it goes
  void expect_packet(tapset::Operation operation, std::size_t length, std::string_view what);
  void expect_sockets(tapset::Operation operation, std::uint64_t count);

  Interest interest_;
  Extent extent_;
  pid_t thread_ = 0;           // that drives
  pid_t child_ = 0;            // that it made
  std::vector<int> families_;  // beside AF_UNIX
  std::size_t next_size_;
  Workshop workshop_;
  std::vector<Expectation> messages_;
  // What happens to sockets, by operation and phase: only how often is known.
  std::array<std::array<Outcome, 2>, tapset::operation_count> sockets_;
};

}  // namespace socktap::sources
