// A plan in words: for each handler what runs in the kernel, what is sent, and why the rest is not
// there.
#pragma once

#include <string>
#include <vector>

#include "base/source_map.h"
#include "plan/plan.h"

namespace socktap::plan {

// Why a handler, or the rest of it, is not in the kernel, and what in it is the cause.
struct Reason {
  std::string text, place;
};

struct HandlerExplanation {
  std::vector<std::string> points;
  std::string place;
  bool has_events = true;                  // else of begin, end and timers
  bool in_kernel = false;                  // the whole of it
  bool finds_merged = false;               // what the kernel keeps is in the globals before it runs
  std::vector<std::string> kept;           // in the kernel: "the sum of n by [pid()]"
  std::vector<std::string> thread_arrays;  // of which each thread's elements are kept there
  std::vector<std::string> conditions;     // tested in the kernel
  std::vector<std::string> fields;         // of events that are sent; none: that it happened, when
  std::vector<Reason> reasons;
};

std::vector<HandlerExplanation> explain(const Plan& plan, const SourceMap& sources);

// As `explain` prints it.
std::string explanation(const Plan& plan, const SourceMap& sources);

}  // namespace socktap::plan
