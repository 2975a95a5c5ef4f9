#include "accounts.h"

#include <cstdio>
#include <fstream>
#include <regex>

namespace socktap::test {

std::string load_command(const std::string& arguments, const TemporaryFile& count) {
  return std::string(SOCKTAP_LOAD) + " " + arguments + " --count-file " + count.path();
}

Produced read_count(const TemporaryFile& count) {
  std::ifstream in(count.path());
  std::string text;
  std::getline(in, text);
  unsigned long long sends = 0;
  unsigned long long receives = 0;
  Produced produced;
  std::sscanf(text.c_str(), "sends=%llu receives=%llu seconds=%lf", &sends, &receives,
              &produced.seconds);
  produced.sends = sends;
  produced.receives = receives;
  return produced;
}

std::uint64_t lost(const std::string& errors, const std::string& cause) {
  static const std::regex pattern("WARNING: ([0-9]+) events? lost because (.*)");
  std::uint64_t sum = 0;
  for (const std::string& line : lines_of(errors)) {
    std::smatch match;
    if (!std::regex_match(line, match, pattern)) continue;
    if (match[2].str().find(cause) != std::string::npos) sum += std::stoull(match[1]);
  }
  return sum;
}

}  // namespace socktap::test
