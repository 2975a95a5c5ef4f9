// --example: the scripts that SystemTap's package brings.
#pragma once

#include <string>

#include "base/result.h"

namespace socktap::cli {

// The path of the one with this file name, anywhere below `folder`.
Result<std::string> find_example(const std::string& name,
                                 const std::string& folder = "/usr/share/systemtap/examples");

}  // namespace socktap::cli
