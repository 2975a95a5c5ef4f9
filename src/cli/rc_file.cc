#include "cli/rc_file.h"

#include <wordexp.h>

#include <cstdlib>
#include <fstream>

namespace socktap::cli {
namespace {

std::string path_of_rc_file() {
  if (const char* folder = std::getenv("SYSTEMTAP_DIR")) return std::string(folder) + "/rc";
  const char* home = std::getenv("HOME");
  return home == nullptr ? "" : std::string(home) + "/.systemtap/rc";
}

// wordexp(3) says by a number what it does not take.
const char* reason_of(int code) {
  switch (code) {
    case WRDE_BADCHAR:
      return "one of | & ; < > ( ) { } is not quoted";
    case WRDE_BADVAL:
      return "a variable is not set";
    case WRDE_CMDSUB:
      return "commands are not run";
    case WRDE_SYNTAX:
      return "a quote or brace is not closed";
    default:
      return "it cannot be split into words";
  }
}

}  // namespace

Result<std::vector<std::string>> read_rc_file() {
  const std::string path = path_of_rc_file();
  std::vector<std::string> words;
  std::ifstream file(path);
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with('#')) continue;
    wordexp_t expanded{};
    const int code = ::wordexp(line.c_str(), &expanded, WRDE_NOCMD | WRDE_UNDEF);
    if (code != 0)
      return failure(path + ", line " + std::to_string(number) + ": " + reason_of(code));
    words.insert(words.end(), expanded.we_wordv, expanded.we_wordv + expanded.we_wordc);
    ::wordfree(&expanded);
  }
  return words;
}

}  // namespace socktap::cli
