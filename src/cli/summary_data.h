// What `socktap summary` found out, as its script says it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "event/loss.h"
#include "sinks/sink.h"

namespace socktap::cli {

// Of some part of the messages.
struct Totals {
  std::uint64_t sent = 0, sent_bytes = 0;
  std::uint64_t received = 0, received_bytes = 0;
  std::uint64_t failures = 0;

  Totals& operator+=(const Totals& other);
  std::uint64_t bytes() const { return sent_bytes + received_bytes; }
};

// Counts by the power of two that values begin at; -1: zeros.
using Histogram = std::map<int, std::uint64_t>;

struct SummaryData {
  std::uint64_t duration_ns = 0;
  Totals all;
  std::map<std::string, Totals> by_process, by_family, by_protocol;  // "curl (7)", "INET STREAM"
  struct Failures {
    std::string operation, error;
    std::uint64_t count;
  };
  std::vector<Failures> failures;
  Histogram sent_sizes, received_sizes;  // bytes
  Histogram send_times, receive_times;   // ns
  Losses losses;
};

// The entries with the most bytes first, then by name.
std::vector<std::pair<std::string, Totals>> sorted(const std::map<std::string, Totals>& totals);

// Reads what the script prints; warnings and errors go on to `messages`, which is borrowed.
class SummaryReader : public sinks::Sink {
 public:
  explicit SummaryReader(sinks::Sink& messages) : messages_(messages) {}

  Result<void> write(const Record& record) override;
  Result<void> flush() override { return {}; }  // what is written comes at the end

  // When all is read.
  SummaryData take();

 private:
  void take_line(std::string_view line);

  sinks::Sink& messages_;
  SummaryData data_;
  std::string line_;
};

}  // namespace socktap::cli
