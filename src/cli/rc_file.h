// The options that stap(1) is always given.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace socktap::cli {

// The words of $SYSTEMTAP_DIR/rc, or of ~/.systemtap/rc, as the shell would split and expand them,
// without running commands; none if there is no such file. Lines that # begins are comments.
Result<std::vector<std::string>> read_rc_file();

}  // namespace socktap::cli
