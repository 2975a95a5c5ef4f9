#include "base/container.h"

#include <algorithm>

namespace socktap {
namespace {

constexpr std::size_t id_length = 64;

bool is_id(std::string_view text) {
  return text.size() == id_length && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// What runtimes write around ids: "docker-ID.scope", "cri-containerd-ID.scope", "libpod-ID",
// "SLICE:cri-containerd:ID".
// Podman's monitor, "libpod-conmon-ID.scope", is outside of the container.
std::string_view id_in(std::string_view name) {
  if (name.ends_with(".scope")) name.remove_suffix(std::string_view(".scope").size());
  const std::size_t prefix = name.find_last_of("-:");
  if (prefix != std::string_view::npos) {
    if (name.substr(0, prefix).ends_with("conmon")) return "";
    name.remove_prefix(prefix + 1);
  }
  return is_id(name) ? name : "";
}

// "lxc.payload.web"; older: "/lxc/web".
std::string_view lxc_name_in(std::string_view name, std::string_view parent) {
  constexpr std::string_view payload = "lxc.payload.";
  if (name.starts_with(payload)) return name.substr(payload.size());
  return parent == "lxc" ? name : "";
}

std::string_view take_last(std::string_view& path) {
  const std::size_t slash = path.rfind('/');
  const bool is_first = slash == std::string_view::npos;
  const std::string_view last = is_first ? path : path.substr(slash + 1);
  path = is_first ? "" : path.substr(0, slash);
  return last;
}

}  // namespace

std::string_view container_of(std::string_view path) {
  while (!path.empty()) {
    const std::string_view name = take_last(path);
    if (const std::string_view id = id_in(name); !id.empty()) return id;
    std::string_view above = path;
    if (const std::string_view lxc = lxc_name_in(name, take_last(above)); !lxc.empty()) return lxc;
  }
  return "";
}

}  // namespace socktap
