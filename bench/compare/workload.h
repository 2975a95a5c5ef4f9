// What is traced: a process that makes a batch of events whenever it is told to.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "compare/readings.h"
#include "compare/tools.h"

namespace socktap::bench {

class Workload {
 public:
  virtual ~Workload() = default;
  virtual pid_t pid() const = 0;
  // The whole amount divided by `slowness`.
  virtual Result<Batch> run(unsigned slowness) = 0;
};

// Starts one that waits for its first batch.
using StartWorkload = std::function<Result<std::unique_ptr<Workload>>()>;

// tests/support/load with these options, so many pairs a batch, in so many pieces.
StartWorkload messages(std::vector<std::string> load, std::uint64_t pairs, unsigned pieces = 40);
// Servers on 127.0.0.1 on one CPU, their clients on another; an event is a request.
StartWorkload redis(const Tools& tools, std::uint64_t requests);
StartWorkload nginx(const Tools& tools, double seconds);

}  // namespace socktap::bench
