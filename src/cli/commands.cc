#include <algorithm>

#include "cli/command.h"

namespace socktap::cli {
namespace {

constexpr Command rows[] = {
    {"run", "run a script (also what happens without a subcommand)", run_line, run_command},
    {"trace", "one line for every event: socktap trace -- CMD", trace_line, trace_command},
    {"top", "who sends and receives how much, on the whole screen", top_line, top_command},
    {"summary", "what was sent and received in all, at the end", summary_line, summary_command},
    {"record", "record events, to run scripts over them: socktap run ... --from FILE", record_line,
     record_command},
    {"list", "probe points, their variables and the library functions", list_line, list_command},
    {"explain", "say what of a script runs in the kernel, and show what it becomes", explain_line,
     explain_command},
    {"doctor", "what can be seen on this kernel, how, and what would help", doctor_line,
     doctor_command},
};

}  // namespace

std::span<const Command> commands() { return rows; }

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Command::name);
  return found == std::end(rows) ? nullptr : &*found;
}

}  // namespace socktap::cli
