// What -V prints.
#pragma once

#include <string>

namespace socktap::cli {

// "socktap 1.2.3, libbpf 1.4, kernel 6.18". As stap it also names the version of SystemTap whose
// language and options it takes, where scripts look for it.
std::string version_line(bool as_stap);

}  // namespace socktap::cli
