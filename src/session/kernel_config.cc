#include "session/kernel_config.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace socktap::session {
namespace {

// Plain or compressed; none if it cannot be read to its end.
std::optional<std::string> read_compressed(const std::string& path) {
  const gzFile file = ::gzopen(path.c_str(), "rb");
  if (file == nullptr) return std::nullopt;
  std::string text;
  std::array<char, 32768> piece;
  int length = 0;
  while ((length = ::gzread(file, piece.data(), piece.size())) > 0)
    text.append(piece.data(), static_cast<std::size_t>(length));
  const bool complete = ::gzclose_r(file) == Z_OK && length == 0;
  if (!complete) return std::nullopt;
  return text;
}

}  // namespace

KernelConfig parse_kernel_config(std::string_view text) {
  KernelConfig config;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t equals = line.find('=');
    if (line.starts_with("CONFIG_") && equals != std::string_view::npos)
      config.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return config;
}

std::optional<KernelConfig> read_kernel_config(const std::string& release) {
  for (const std::string& path :
       {std::string("/proc/config.gz"), "/boot/config-" + release,
        "/lib/modules/" + release + "/config", "/lib/modules/" + release + "/build/.config"}) {
    if (const auto text = read_compressed(path)) return parse_kernel_config(*text);
  }
  return std::nullopt;
}

}  // namespace socktap::session
