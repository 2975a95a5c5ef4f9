#include "steps.h"

namespace socktap::workload {

std::vector<Step> all_steps() {
  std::vector<Step> steps;
  for (const auto add :
       {add_call_steps, add_batch_steps, add_bulk_steps, add_boundary_steps, add_addressed_steps,
        add_refused_steps, add_no_message_steps, add_deferred_steps, add_thread_steps,
        add_create_steps, add_close_steps, add_process_steps, add_compat_steps}) {
    add(steps);
  }
  return steps;
}

}  // namespace socktap::workload
