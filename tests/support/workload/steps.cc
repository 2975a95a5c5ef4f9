#include "steps.h"

namespace socktap::workload {

std::vector<Step> all_steps() {
  std::vector<Step> steps;
  for (const auto add : {add_call_steps}) add(steps);
  return steps;
}

}  // namespace socktap::workload
