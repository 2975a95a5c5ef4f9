// Who does something: what /proc says of a thread, as far as it is asked for.
#pragma once

#include <sys/types.h>

#include "event/event.h"
#include "tapset/field.h"

namespace socktap::sources::ptrace {

// The record's part about the task, as it is now. `process`: its thread group.
void fill_task(Event& event, pid_t process, pid_t thread, tapset::FieldSet fields);

}  // namespace socktap::sources::ptrace
