// The filter that a command installs before it runs, so that only those of its calls stop it that
// have to do with sockets.
#pragma once

#include <linux/filter.h>

#include <vector>

#include "base/result.h"
#include "sources/interest.h"

namespace socktap::sources::ptrace {

// Of 64-bit programs and of 32-bit ones. Empty: none can tell what is wanted from the rest.
Result<std::vector<sock_filter>> call_filter(const Interest& interest);

}  // namespace socktap::sources::ptrace
