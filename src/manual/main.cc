// Run by the build: prints a file of man/ or completions/, filled in.

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>

#include "manual/fill.h"

int main(int argc, char** argv) try {
  std::ifstream file(argc == 2 ? argv[1] : "");
  if (!file) {
    fmt::print(stderr, "usage: socktap_manual_maker FILE\n");
    return 1;
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto filled = socktap::manual::fill(text);
  if (!filled) {
    fmt::print(stderr, "{}: {}\n", argv[1], filled.error().message);
    return 1;
  }
  fmt::print("{}", *filled);
  return std::fflush(stdout) == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
