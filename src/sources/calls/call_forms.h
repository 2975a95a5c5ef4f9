// Which form of a system call a number means, for tasks of either width.
#pragma once

#include <linux/types.h>

#include <string_view>
#include <vector>

#include "sources/calls/call_settings.h"
#include "sources/interest.h"

namespace socktap::sources {

// The numbers of the forms that are wanted, and what to capture for them. Names that this
// architecture does not have are left out.
socktap_call_settings call_settings_for(const CallInterest& calls);

// The points of what is wanted that cannot fire: nothing on this architecture makes such a call.
std::vector<std::string_view> absent_calls(const CallInterest& calls);

}  // namespace socktap::sources
