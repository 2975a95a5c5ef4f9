// The example scripts that Debian's systemtap-doc installs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/source_map.h"
#include "language/language.h"

namespace socktap::tests {

inline constexpr const char* examples_folder = "/usr/share/systemtap/examples";

std::string read_file(const std::filesystem::path& path);

// Sorted; none: the package is not installed.
std::vector<std::filesystem::path> example_scripts();

// As its .meta file tests the script: with arguments, and with the tapset that it brings, whose
// files are added to the sources.
language::Invocation invocation_of(const std::filesystem::path& script, SourceMap& sources);

// The script that socktop, which is a shell script around it, gives to stap if it is called with
// these options; "": it is not installed.
std::string socktop_script(const std::string& options);

}  // namespace socktap::tests
