// Files that recordings are in: which are some, and those of a rotation, FILE.0, FILE.1 ...
#pragma once

#include <cstdint>
#include <string>

namespace socktap::recording {

// Whether an open file begins as a recording does.
bool is_recording(int file);

// Removes PATH.1, PATH.2 ... that an earlier run left behind: recordings which say that they are
// these files of a rotation, and which nobody is writing. Nothing else.
void remove_later_files(const std::string& path);

}  // namespace socktap::recording
