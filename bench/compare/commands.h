// What a command costs that is traced by ptrace from its exec to its end, by socktap and by strace.
//
// Here the tracer works while the traced process stands still, so what counts is how long the whole
// run takes on the clock. All of it is on one CPU: spread over several, each stop may wake another
// CPU, which in some runs takes longer than all else, and in others does not happen. All cases come
// once a round, in random order; a case's figures are differences and quotients with the untraced
// run and with strace's of the same round.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compare/spread.h"
#include "compare/tools.h"

namespace socktap::bench {

struct CommandCase {
  std::string_view sockets;    // that the command's messages go through
  std::string_view subject;    // "untraced", "strace", or one of socktap's
  std::optional<Tool> tool;    // none: it runs untraced
  std::string_view work = "";  // what the tracer does with each event
  std::string_view line = "";  // that socktap's script prints of each event; empty: it only counts
};

// Of each kind of sockets the first two are "untraced" and "strace".
std::span<const CommandCase> command_cases();

// What starts the command, traced or not.
Result<std::vector<std::string>> command_line(const CommandCase& one, const Tools& tools,
                                              const std::vector<std::string>& command);

// One run, per message event.
struct CommandRun {
  double clock_ns = 0;  // of the whole run
  double cpu_ns = 0;    // of the command and its tracer
};

// What its rounds came to.
struct CommandCost {
  std::string sockets;
  std::string subject;
  std::string work;
  unsigned rounds = 0;
  Spread untraced_ns;                   // on the clock
  Spread added_ns;                      // on the clock
  Spread added_cpu_ns;                  // the tracer's own, and what the command takes more
  std::optional<Spread> beside_strace;  // added on the clock: times what strace adds
  std::string refusal;  // why there is no figure, as that an event was not seen; else empty

  bool is_measured() const { return rounds > 0 && refusal.empty(); }
};

// By the numbers of the cases; nothing of those that were not run.
using CommandRound = std::vector<std::optional<CommandRun>>;

CommandCost cost_of(std::size_t number, const std::vector<CommandRound>& rounds);

// `load` is the program that makes so many pairs of messages. What cannot be measured has a
// refusal, and is not tried again.
std::vector<CommandCost> measure_commands(const Tools& tools, const std::string& load,
                                          std::uint64_t pairs, unsigned rounds, std::uint64_t seed,
                                          const std::function<void(const std::string&)>& say);

}  // namespace socktap::bench
