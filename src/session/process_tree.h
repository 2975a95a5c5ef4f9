// Who descends from whom, as /proc tells it now.
#pragma once

#include <cstdint>

namespace socktap::session {

// True if `pid` is `ancestor` or its parents lead to it.
bool descends_from(std::int64_t pid, std::int64_t ancestor);

// The parent of a process; 0 if it is gone or has none.
std::int64_t parent_of(std::int64_t pid);

// The process that a thread belongs to, or the process itself; 0 if there is neither.
std::int64_t process_of(std::int64_t thread);

}  // namespace socktap::session
