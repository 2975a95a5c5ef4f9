#include "cli/example_script.h"

#include <filesystem>
#include <system_error>

namespace socktap::cli {

Result<std::string> find_example(const std::string& name, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code ignored;  // a folder that cannot be read has no example in it
  const auto options = fs::directory_options::skip_permission_denied;
  for (auto entry = fs::recursive_directory_iterator(folder, options, ignored);
       entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    if (ignored) break;
    if (entry->path().filename() == name && entry->is_regular_file(ignored))
      return entry->path().string();
  }
  return failure("there is no example " + name + " in " + folder,
                 "Debian's systemtap-doc brings them");
}

}  // namespace socktap::cli
