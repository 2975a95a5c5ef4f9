// The filters of `socktap trace`, as the script that they make: conditions that its handlers begin
// with, which the planner moves into the kernel.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace socktap::cli {

struct TraceFilters {
  std::vector<std::int64_t> pids;
  std::vector<std::string> commands;  // names, or patterns with * ? [
  std::vector<std::string> users;     // names or numbers
  std::vector<std::string> families, types, protocols;
  std::vector<std::string> operations;
  std::optional<std::vector<std::string>> errors;  // names or numbers; none named: any
  std::optional<std::int64_t> min_size;            // bytes moved
  std::vector<std::int64_t> ports;                 // of either end
  std::vector<std::string> cgroups;                // paths, patterns of paths, or ids
  bool of_recording = false;                       // whose cgroups have ids of their own
};

// What --op takes, each once.
std::vector<std::string_view> operation_names();

void add_filter_options(CLI::App& app, TraceFilters& filters);

// A script that shows the events which pass all filters; of one filter's values any will do. Fails
// on a name that nothing has, and on filters that leave nothing.
Result<std::string> trace_script(const TraceFilters& filters);

}  // namespace socktap::cli
