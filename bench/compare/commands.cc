#include "compare/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

#include "compare/process.h"
#include "compare/readings.h"
#include "compare/round.h"
#include "compare/scratch.h"

namespace socktap::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto longest = 120s;
constexpr int shared_cpu = 1;        // interrupts mostly go to the first
constexpr std::size_t untraced = 0;  // of the cases of a kind of sockets
constexpr std::size_t by_strace = 1;

constexpr std::string_view of_unix = "AF_UNIX datagrams";
constexpr std::string_view of_tcp = "TCP";
constexpr std::string_view four_fields = R"("%s %d %d %d\n", name, size, pid(), success)";

constexpr CommandCase rows[] = {
    {of_unix, "untraced", {}},
    {of_unix, "strace", Tool::strace, "a line"},
    {of_unix, "socktap count", Tool::socktap, "a plain count"},
    {of_unix, "socktap printf", Tool::socktap, "a line of name, size, pid, success", four_fields},
    {of_unix, "socktap state", Tool::socktap, "the same and the socket's state",
     R"("%s %d %d %d %d\n", name, size, pid(), success, state)"},
    {of_unix, "socktap flags", Tool::socktap, "the same and the socket's flags",
     R"("%s %d %d %d %d\n", name, size, pid(), success, flags)"},
    {of_unix, "socktap execname", Tool::socktap, "the same and the program's name",
     R"("%s %d %d %d %s\n", name, size, pid(), success, execname())"},

    {of_tcp, "untraced", {}},
    {of_tcp, "strace", Tool::strace, "a line"},
    {of_tcp, "socktap printf", Tool::socktap, "a line of name, size, pid, success", four_fields},
    {of_tcp, "socktap addresses", Tool::socktap, "the same and both addresses and ports",
     R"("%s %d %d %d %s:%d %s:%d\n", name, size, pid(), success, local_addr, local_port,
        remote_addr, remote_port)"},
};

// Those that socktap's filter names for messages (src/sources/ptrace/call_filter.cc), so that both
// stop the command at the same ones.
constexpr const char* traced_calls =
    "trace=sendto,sendmsg,sendmmsg,write,writev,pwritev2,sendfile,splice,recvfrom,recvmsg,recvmmsg,"
    "read,readv,preadv2,io_uring_enter,close,close_range,dup2,dup3,execve,execveat,unshare";

// What it saw it says on standard error, as its output goes nowhere.
std::string script_of(const CommandCase& one) {
  std::string text = "global n\nprobe socket.send, socket.receive {\nn++\n";
  if (!one.line.empty()) text += fmt::format("printf({})\n", one.line);
  return text + "}\nprobe end { warn(sprint(\"seen \", n)) }\n";
}

std::vector<std::string> arguments_of(const CommandCase& one) {
  if (one.tool == Tool::strace)
    return {"-f", "--seccomp-bpf", "-o", "/dev/null", "-e", traced_calls, "COMMAND..."};
  return {"run",       "--backend", "ptrace",       "-q", "-o",
          "/dev/null", "-e",        script_of(one), "-c", "COMMAND"};
}

double per_event(double all, std::uint64_t events) { return all / static_cast<double>(events); }

// Each event once, not one more nor less.
Result<void> check_seen(const CommandCase& one, const std::string& errors, std::uint64_t made) {
  if (one.tool != Tool::socktap) return {};
  const std::uint64_t seen = seen_in_words(errors);
  if (seen == made) return {};
  return failure(fmt::format("{} saw {} of {} events", one.subject, seen, made), errors);
}

Result<CommandRun> run_command(const CommandCase& one, const Tools& tools, const std::string& load,
                               std::uint64_t pairs) {
  const Scratch scratch;
  std::vector<std::string> command{load, "--pairs", std::to_string(pairs), "--count-file",
                                   scratch.path("count")};
  if (one.sockets == of_tcp) command.emplace_back("--tcp");
  const auto words = command_line(one, tools, command);
  if (!words) return tl::unexpected(words.error());
  const UniqueFd errors = scratch.create("errors");
  const auto begin = Clock::now();
  auto process = Process::start(*words, {-1, -1, errors.get()}, shared_cpu);
  if (!process) return tl::unexpected(process.error());
  if (!process->wait(longest)) return failure(fmt::format("{} does not end", one.subject));
  const std::chrono::duration<double, std::nano> taken = Clock::now() - begin;
  const auto batch = read_load(scratch.text("count"));
  if (!batch || batch->events == 0)
    return failure(fmt::format("{}: the command did not run", one.subject), scratch.text("errors"));
  if (auto seen = check_seen(one, scratch.text("errors"), batch->events); !seen)
    return tl::unexpected(seen.error());
  return CommandRun{per_event(taken.count(), batch->events),
                    per_event(static_cast<double>(process->whole_cpu_ns()), batch->events)};
}

std::size_t first_of(std::string_view sockets) {
  return static_cast<std::size_t>(std::ranges::find(rows, sockets, &CommandCase::sockets) - rows);
}

std::string text_of(const Error& error) {
  return error.hint.empty() ? error.message : error.message + ": " + error.hint;
}

}  // namespace

std::span<const CommandCase> command_cases() { return rows; }

Result<std::vector<std::string>> command_line(const CommandCase& one, const Tools& tools,
                                              const std::vector<std::string>& command) {
  if (!one.tool) return command;
  return tools.command(*one.tool, with_command(arguments_of(one), command));
}

CommandCost cost_of(std::size_t number, const std::vector<CommandRound>& rounds) {
  const CommandCase& one = rows[number];
  const std::size_t first = first_of(one.sockets);
  std::vector<double> alone, added, added_cpu, beside;
  for (const CommandRound& round : rounds) {
    const auto& base = round[first + untraced];
    const auto& peer = round[first + by_strace];
    const auto& run = round[number];
    if (!base || !run) continue;
    alone.push_back(base->clock_ns);
    added.push_back(run->clock_ns - base->clock_ns);
    added_cpu.push_back(run->cpu_ns - base->cpu_ns);
    if (peer) beside.push_back(added.back() / (peer->clock_ns - base->clock_ns));
  }
  CommandCost cost{std::string(one.sockets), std::string(one.subject), std::string(one.work)};
  cost.rounds = static_cast<unsigned>(added.size());
  cost.untraced_ns = spread_of(alone);
  cost.added_ns = spread_of(added);
  cost.added_cpu_ns = spread_of(added_cpu);
  if (!beside.empty()) cost.beside_strace = spread_of(beside);
  return cost;
}

std::vector<CommandCost> measure_commands(const Tools& tools, const std::string& load,
                                          std::uint64_t pairs, unsigned rounds, std::uint64_t seed,
                                          const std::function<void(const std::string&)>& say) {
  constexpr std::size_t count = std::size(rows);
  std::vector<CommandRound> runs(rounds, CommandRound(count));
  std::array<std::string, count> refusals;
  std::size_t drawn = 0;
  for (const std::size_t turn : draw_turns(count, rounds, seed)) {
    CommandRound& round = runs[drawn++ / count];
    if (!refusals[turn].empty()) continue;
    const auto run = run_command(rows[turn], tools, load, pairs);
    if (run) {
      round[turn] = *run;
    } else {
      refusals[turn] = text_of(run.error());
      say(fmt::format("{} left out: {}", rows[turn].subject, refusals[turn]));
    }
  }
  std::vector<CommandCost> all;
  for (std::size_t i = 0; i < count; ++i) {
    if (!rows[i].tool) continue;
    all.push_back(cost_of(i, runs));
    const std::size_t alone = first_of(rows[i].sockets) + untraced;
    all.back().refusal = refusals[refusals[i].empty() ? alone : i];
  }
  return all;
}

}  // namespace socktap::bench
