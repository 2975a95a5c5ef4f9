// The system calls: the one table of them, from which the points syscall.NAME derive.
#pragma once

#include <span>
#include <string_view>

#include "tapset/call.h"

namespace socktap::tapset {

// All of them; the forms of one point follow each other. Addresses are stable.
std::span<const Call> calls();

// The forms of the point syscall.POINT; empty if there is no such point. All have the variables of
// the first, and perhaps more.
std::span<const Call> calls_of(std::string_view point);

}  // namespace socktap::tapset
