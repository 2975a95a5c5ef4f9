// The library functions that make a text of one number and look at nothing else.
#pragma once

#include <cstdint>
#include <string>

#include "tapset/functions.h"

namespace socktap::tapset {

using NumberName = std::string (*)(std::int64_t number);

// What the function does; nullptr: it is none of them.
NumberName number_name_of(Function function);

}  // namespace socktap::tapset
