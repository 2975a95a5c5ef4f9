#include "compare/scratch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace socktap::bench {

Scratch::Scratch() {
  std::string name = std::filesystem::temp_directory_path() / "socktap-bench-XXXXXX";
  if (mkdtemp(name.data()) != nullptr) folder_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

UniqueFd Scratch::create(const std::string& name) const {
  return UniqueFd(
      open(path(name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
}

std::string Scratch::text(const std::string& name) const {
  std::ifstream in(path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void Scratch::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
}

}  // namespace socktap::bench
