// What numbers the load, the tracers and the servers' clients print.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace socktap::bench {

// A piece of work that a workload did: messages, system calls or requests.
struct Batch {
  std::uint64_t events = 0;
  std::uint64_t cpu_ns = 0;  // of the traced thread or server
  double seconds = 0;

  double ns_per_event() const {
    return events == 0 ? 0 : static_cast<double>(cpu_ns) / static_cast<double>(events);
  }
};

// The line of tests/support/load: two events a pair. Nothing where it is no such line.
std::optional<Batch> read_load(const std::string& line);

// How many events a tracer's output says it saw; each format is one function, so that a row of the
// subjects' table names its own.
using Seen = std::uint64_t(const std::string& output);
std::uint64_t seen_in_words(const std::string& output);   // "seen 200000", of each line or warning
std::uint64_t seen_in_lines(const std::string& output);   // a line an event, after "ready"
std::uint64_t seen_in_counts(const std::string& output);  // bpftrace: "@n[load, 1]: 200000"
std::uint64_t seen_in_rows(const std::string& output);    // bpftrace: "[1]  200000 |@@@@|"
std::uint64_t seen_by_perf_stat(const std::string& output);  // "100000,,sock:sock_send_length,..."
std::uint64_t seen_by_perf_record(const std::string& output);  // "(200000 samples)"

// Events that socktap's warnings or bpftrace's "Lost N events" name.
std::uint64_t lost_in_words(const std::string& errors);

// "  81234 requests in 1.00s, 11.85MB read"
std::optional<std::uint64_t> read_wrk(const std::string& output);

}  // namespace socktap::bench
