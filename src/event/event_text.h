// Events written down as text, for tests and tables:
//
//   send conclusion writev pid=7 comm=nc size=3 family=2 local_address=127.0.0.1 local_port=80
//
// An operation first; then, in any order, its phase, of a message its path, and members by their
// fields' names (pid, tid and ppid for task and parent); of a system call, call=NAME, arg1=N to
// arg6=N, and capture_0=TEXT, capture_1=TEXT. Left out: the conclusion where the
// operation has one, the path of the socket calls, success by size and err, 0.
#pragma once

#include <string_view>

#include "base/result.h"
#include "event/event.h"

namespace socktap {

Result<WholeEvent> parse_event(std::string_view line);

}  // namespace socktap
