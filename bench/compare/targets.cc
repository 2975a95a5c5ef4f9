#include "compare/targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace socktap::bench {
namespace {

using Figure = std::optional<double>;

struct Target {
  std::string_view work;
  bool at_least;  // else at most
  double limit;
  std::string_view unit;
  Figure (*figure)(const Results&);
  std::string_view otherwise = "not part of this run, or not installed";
};

Figure added(const Results& results, std::string_view subject) {
  const Measured* one = results.find("events", subject);
  return one ? Figure(one->added_ns.median) : std::nullopt;
}

Figure own(const Results& results, std::string_view subject) {
  const Measured* one = results.find("events", subject);
  return one ? Figure(one->own_ns.median) : std::nullopt;
}

Figure quotient(Figure dividend, Figure divisor) {
  if (!dividend || !divisor || *divisor <= 0) return std::nullopt;
  return *dividend / *divisor;
}

Figure added_to_others(const Results& results, std::string_view group) {
  Figure most;
  for (const char* subject : {"socktap count", "socktap printf"})
    if (const Measured* one = results.find("others", subject, group))
      most = std::max(most.value_or(one->added_ns.median), one->added_ns.median);
  return most;
}

Figure missing_at_a_million(const Results& results) {
  const Measured* one = results.find("rates", "socktap printf", "1,000,000");
  return one && one->missing ? Figure(static_cast<double>(*one->missing)) : std::nullopt;
}

Figure start_ms(const Results& results, std::string_view subject) {
  const Started* one = results.find_start(subject);
  return one ? Figure(one->clock_ms.median) : std::nullopt;
}

Figure beside_strace(const Results& results) {
  const CommandCost* one = results.find_command("AF_UNIX datagrams", "socktap printf");
  return one && one->beside_strace ? Figure(one->beside_strace->median) : std::nullopt;
}

Figure largest(const Results& results) {
  Figure most;
  for (const SectionResults& section : results.sections) {
    if (section.name != "events") continue;
    for (const Measured& one : section.measured)
      if (one.subject.starts_with("socktap ") && one.is_measured())
        most = std::max(most.value_or(0), one.peak_mb);
  }
  return most;
}

constexpr bool at_least = true;
constexpr bool at_most = false;

constexpr Target rows[] = {
    {"sum by process, family and protocol: added to the traced thread", at_most, 110, "ns/event",
     [](const Results& r) { return added(r, "socktap sum"); }},
    {"the same, beside a program that does nothing", at_most, 1.6, "times the floor",
     [](const Results& r) { return quotient(added(r, "socktap sum"), added(r, "floor")); }},
    {"five statistics by six fields: less added than by bpftrace", at_least, 8, "times",
     [](const Results& r) {
       return quotient(added(r, "bpftrace statistics"), added(r, "socktap statistics"));
     }},
    {"plain count: added", at_most, 90, "ns/event",
     [](const Results& r) { return added(r, "socktap count"); }},
    {"histogram of sizes: added", at_most, 90, "ns/event",
     [](const Results& r) { return added(r, "socktap hist"); }},
    {"plain count: less added than by bpftrace", at_least, 2, "times",
     [](const Results& r) {
       return quotient(added(r, "bpftrace count"), added(r, "socktap count"));
     }},
    {"histogram of sizes: less added than by bpftrace", at_least, 2, "times",
     [](const Results& r) {
       return quotient(added(r, "bpftrace hist"), added(r, "socktap hist"));
     }},
    {"plain count: added, beside perf stat", at_most, 1, "times",
     [](const Results& r) { return quotient(added(r, "socktap count"), added(r, "perf stat")); }},
    {"printf of six fields: added", at_most, 130, "ns/event",
     [](const Results& r) { return added(r, "socktap printf"); }},
    {"printf of six fields: our own CPU time", at_most, 60, "ns/event",
     [](const Results& r) { return own(r, "socktap printf"); }},
    {"printf of six fields: not printed at 1 M events/s", at_most, 0, "events",
     missing_at_a_million},
    {"printf of six fields: less added than by bpftrace", at_least, 2, "times",
     [](const Results& r) {
       return quotient(added(r, "bpftrace printf"), added(r, "socktap printf"));
     }},
    {"printf of six fields: less own CPU time than bpftrace", at_least, 40, "times",
     [](const Results& r) {
       return quotient(own(r, "bpftrace printf"), own(r, "socktap printf"));
     }},
    {"ten operations in user space: our own CPU time", at_most, 150, "ns/event",
     [](const Results& r) { return own(r, "socktap VM"); }},
    {"start: from exec to the first event", at_most, 25, "ms",
     [](const Results& r) { return start_ms(r, "socktap, a line of six fields"); }},
    {"start: sooner than bpftrace", at_least, 30, "times",
     [](const Results& r) {
       return quotient(start_ms(r, "bpftrace, a line of six fields"),
                       start_ms(r, "socktap, a line of six fields"));
     }},
    {"start: sooner than SystemTap", at_least, 150, "times",
     [](const Results&) { return Figure(); },
     "SystemTap needs modules, and kernels of its own; it is not run here"},
    {"memory of a running script", at_most, 20, "MB", largest},
    {"other processes: a socket call", at_most, 80, "ns",
     [](const Results& r) { return added_to_others(r, "a socket call"); }},
    {"other processes: another system call (0, give or take 3)", at_most, 3, "ns",
     [](const Results& r) { return added_to_others(r, "another system call"); }},
    {"ptrace source, beside strace --seccomp-bpf", at_most, 1.10, "times", beside_strace},
};

}  // namespace

std::vector<Judgement> judge(const Results& results) {
  std::vector<Judgement> all;
  for (const Target& row : rows) {
    Judgement one{std::string(row.work),
                  fmt::format("{} {} {}", row.at_least ? "≥" : "≤", row.limit, row.unit)};
    one.unit = row.unit;
    one.measured = row.figure(results);
    if (one.measured)
      one.met = row.at_least ? *one.measured >= row.limit : *one.measured <= row.limit;
    else
      one.reason = row.otherwise;
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace socktap::bench
