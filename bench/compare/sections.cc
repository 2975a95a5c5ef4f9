#include "compare/sections.h"

#include <fmt/format.h>

#include <algorithm>

namespace socktap::bench {
namespace {

constexpr int traced_cpu = 1;  // interrupts mostly go to the first

std::vector<std::string> load_on_one_cpu(const Setup& setup, std::vector<std::string> more = {}) {
  std::vector<std::string> words{setup.load, "--cpu", std::to_string(traced_cpu)};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::uint64_t pairs(const Setup& setup) { return setup.quick ? 100'000 : 200'000; }

// "1,000"
std::string grouped(std::uint64_t number) {
  if (number < 1000) return std::to_string(number);
  return fmt::format("{},{:03}", grouped(number / 1000), number % 1000);
}

std::vector<Case> events(const Setup& setup) {
  std::vector<Case> cases;
  const StartWorkload workload = messages(load_on_one_cpu(setup), 2 * pairs(setup));
  for (const Subject& row : subjects())
    if (!row.name.ends_with("by name") && row.name != "strace -c")
      cases.push_back({"", &row, workload});
  return cases;
}

// What processes pay that are not traced: for messages, and for other system calls.
std::vector<Case> others(const Setup& setup) {
  const StartWorkload idle = messages(load_on_one_cpu(setup), 1, 1);
  const StartWorkload messages_of_another = messages(load_on_one_cpu(setup), pairs(setup));
  const StartWorkload calls = messages(load_on_one_cpu(setup, {"--calls"}), 5 * pairs(setup));
  std::vector<Case> cases;
  for (const char* name : {"socktap count", "socktap printf", "bpftrace count", "strace"}) {
    cases.push_back({"a socket call", &subject(name), messages_of_another, false, idle});
    cases.push_back({"another system call", &subject(name), calls, false, idle});
  }
  return cases;
}

// Each pair is of another name of the same thread, as many in turn as there are keys.
std::vector<Case> keys(const Setup& setup) {
  std::vector<Case> cases;
  for (const std::uint64_t count : {1, 10, 100, 1'000, 10'000, 100'000}) {
    if (setup.quick && count != 1 && count != 100'000) continue;
    const auto load = load_on_one_cpu(setup, {"--names", std::to_string(count)});
    for (const char* name : {"socktap by name", "bpftrace by name"})
      cases.push_back(
          {grouped(count), &subject(name), messages(load, std::max(pairs(setup), 4 * count))});
  }
  return cases;
}

std::vector<Case> cpus(const Setup& setup) {
  std::vector<Case> cases;
  for (const char* count : {"1", "2"}) {
    const std::vector<std::string> load{setup.load, "--spread", "--threads", count};
    for (const char* name : {"floor", "socktap count", "socktap statistics", "socktap printf",
                             "bpftrace count", "bpftrace statistics"})
      cases.push_back({count, &subject(name), messages(load, 2 * pairs(setup), 10)});
  }
  return cases;
}

std::vector<Case> rates(const Setup& setup) {
  const double seconds = setup.quick ? 0.5 : 1;
  std::vector<Case> cases;
  for (const std::uint64_t rate : {10'000, 100'000, 500'000, 1'000'000}) {
    if (setup.quick && rate != 1'000'000) continue;
    const auto load = load_on_one_cpu(setup, {"--rate", std::to_string(rate / 2)});
    const auto made = static_cast<std::uint64_t>(static_cast<double>(rate) / 2 * seconds);
    for (const char* name : {"socktap sum", "socktap printf"})
      cases.push_back({grouped(rate), &subject(name), messages(load, made, 1)});
  }
  return cases;
}

std::vector<Case> served(const StartWorkload& server) {
  std::vector<Case> cases;
  for (const char* name :
       {"socktap sum", "socktap printf", "bpftrace hist", "bpftrace printf", "strace -c"})
    cases.push_back({"", &subject(name), server, false});
  return cases;
}

std::vector<Case> redis_requests(const Setup& setup) {
  return served(redis(setup.tools, setup.quick ? 10'000 : 30'000));
}

std::vector<Case> nginx_requests(const Setup& setup) { return served(nginx(setup.tools, 1)); }

constexpr Section rows[] = {
    {"events", "One thread, send and receive of a byte on an AF_UNIX datagram pair, an event each",
     "", events, 7, 2},
    {"others", "What a process pays that is not traced, while another is", "each", others, 3, 1},
    {"keys", "The same messages, each pair under the next of so many names of the thread", "keys",
     keys, 3, 1},
    {"cpus", "The same by a thread on each of so many CPUs", "CPUs", cpus, 3, 1},
    {"rates", "The same, held at a rate", "events a second", rates, 2, 1},
    {"redis",
     "redis-server, asked by redis-benchmark (GET, 8 connections): its CPU time per request", "",
     redis_requests, 3, 1},
    {"nginx", "nginx, asked by wrk (an answer of 6 bytes, 8 connections): its CPU time per request",
     "", nginx_requests, 3, 1},
};

}  // namespace

std::span<const Section> sections() { return rows; }

}  // namespace socktap::bench
