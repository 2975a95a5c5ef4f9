// The table of strategies: for each thing to be observed, the ways to observe it, best first. The
// first one that loads, attaches and passes calibration is used; never is the kernel's version
// asked, nor a symbol's name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/interest.h"

namespace socktap::sources::ebpf {

// What a strategy can observe.
enum class Aspect : std::uint8_t {
  messages,      // sends and receives when they conclude
  opcodes,       // which io_uring operation a message comes of
  begins,        // sends and receives when they begin
  latency,       // how long a message took
  creates,       // sockets made
  closes,        // sockets released
  transmits,     // packets handed to network devices
  arrivals,      // packets from network devices
  segments,      // TCP segments among them
  disconnects,   // connect(2) to no address
  call_entries,  // system calls
  call_exits,
  processes,  // that begin and end
  scope,      // processes that begin and end, when only some are traced
};
inline constexpr int aspect_count = static_cast<int>(Aspect::scope) + 1;

// What a strategy is built on: what --backend= chooses by.
enum class Backend : std::uint8_t {
  tracepoint,  // raw tracepoints
  fentry,      // programs at the entries and exits of functions
  kprobe,      // breakpoints there
  syscall,     // the raw tracepoints of system calls only
};

// Inside which programs a task can be preempted. Another task that comes to the same program on
// that CPU meanwhile passes it by: its event is lost, and counted.
struct Preemption {
  bool tracepoints = false;  // since Linux 7.1
  bool hooks = false;        // of fentry, where the kernel is preempted at all
};

struct Strategy {
  std::string_view name;  // for --disable-strategy and for people
  Aspect aspect;
  Backend backend;
  std::span<const std::string_view> programs;       // all must load and attach
  std::span<const std::string_view> optional = {};  // where the kernel has what they attach to
  std::span<const std::string_view> twins = {};     // where programs of tracepoints are preempted
  std::span<const std::string_view> spare = {};     // its programs whose skips lose nothing
  std::string_view needs;                           // what a kernel must offer
  std::span<const std::string_view> limits = {};    // what it cannot see, for people
  bool asks_cookies = false;  // its programs get sockets that they may ask for their cookie
  bool distinguishes_families = false;  // calibrate it on each
  bool only_preempted = false;          // not worth it where programs of tracepoints are not
  bool only_usual = false;              // those of the same names for older kernels do not do it
};

// "raw tracepoints": for the line that says how a run traces.
std::string_view describe(Backend backend);

// The names that --backend= takes, but for `auto`.
std::optional<Backend> find_backend(std::string_view name);

// Whether a run on that backend may use it. What only raw tracepoints show is used with all, and
// where there is nothing better they are system calls' too.
bool suits(const Strategy& strategy, std::optional<Backend> wanted);

// All of them; of one aspect, best first.
std::span<const Strategy> strategies();

// The aspects that an interest needs observed. `scoped`: only some processes are traced.
std::vector<Aspect> aspects_of(const Interest& interest, bool scoped);

// Whether events come of it, and such as are about a socket. The others add to what events say, or
// choose among them.
bool makes_events(Aspect aspect);
bool sees_sockets(Aspect aspect);

}  // namespace socktap::sources::ebpf
