#include "base/cgroups.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "base/proc.h"

namespace socktap {
namespace {

constexpr std::string_view line_of_v2 = "0::";
constexpr std::size_t most_text = 1 << 20;
constexpr std::size_t most_unknown = 1 << 16;

template <typename Visit>
void for_each_part(std::string_view text, char end, Visit visit) {
  while (!text.empty()) {
    const std::size_t length = text.find(end);
    visit(text.substr(0, length));
    text.remove_prefix(length == std::string_view::npos ? text.size() : length + 1);
  }
}

// Spaces and their like are written as "\040".
std::string unescaped(std::string_view word) {
  std::string text;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const auto digit = [&](std::size_t ahead) { return word[at + ahead] - '0'; };
    const bool escaped = word[at] == '\\' && at + 3 < word.size();
    text += escaped ? static_cast<char>(digit(1) * 64 + digit(2) * 8 + digit(3)) : word[at];
    if (escaped) at += 3;
  }
  return text;
}

// "36 25 0:31 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw"
std::optional<CgroupMount> mount_of(std::string_view line) {
  if (line.find(" - cgroup2 ") == std::string_view::npos) return std::nullopt;
  std::vector<std::string_view> words;
  for_each_part(line, ' ', [&words](std::string_view word) { words.push_back(word); });
  constexpr std::size_t top = 3, directory = 4;
  if (words.size() <= directory) return std::nullopt;
  return CgroupMount{unescaped(words[directory]), unescaped(words[top])};
}

std::string joined(std::string_view parent, std::string_view child) {
  std::string path(parent);
  if (path.empty() || path.back() != '/') path += '/';
  return path.append(child);
}

// What is left of `path` below `top`; nullopt: it is not there, but perhaps beside it, as a task
// outside our namespace of cgroups is: "/../other".
std::optional<std::string_view> below(std::string_view path, std::string_view top) {
  if (!top.empty() && top.back() == '/') top.remove_suffix(1);
  if (!path.starts_with(top)) return std::nullopt;
  path.remove_prefix(top.size());
  if (!path.empty() && path.front() != '/') return std::nullopt;
  if (path.find("/..") != std::string_view::npos) return std::nullopt;
  return path;
}

std::uint64_t inode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

CgroupVersion cgroup_version(std::string_view text) {
  bool first = false;
  bool second = false;
  for_each_part(text, '\n', [&](std::string_view line) {
    (line.starts_with(line_of_v2) ? second : first) = true;
  });
  if (!second) return first ? CgroupVersion::v1 : CgroupVersion::none;
  return first ? CgroupVersion::hybrid : CgroupVersion::v2;
}

CgroupVersion cgroup_version() {
  return cgroup_version(read_proc(::getpid(), "cgroup", most_text));
}

std::optional<std::string_view> cgroup_in(std::string_view text) {
  std::optional<std::string_view> found;
  for_each_part(text, '\n', [&](std::string_view line) {
    if (line.starts_with(line_of_v2)) found = line.substr(line_of_v2.size());
  });
  return found;
}

std::optional<CgroupMount> cgroup_mount(std::string_view mountinfo) {
  std::optional<CgroupMount> found;
  for_each_part(mountinfo, '\n', [&](std::string_view line) {
    if (!found) found = mount_of(line);
  });
  return found;
}

std::optional<CgroupMount> cgroup_mount() {
  return cgroup_mount(read_proc(::getpid(), "mountinfo", most_text));
}

std::uint64_t cgroup_id(const CgroupMount& mount, std::string_view path) {
  const auto rest = below(path, mount.top);
  return rest ? inode_of(mount.directory + std::string(*rest)) : 0;
}

std::uint64_t cgroup_of_task(const CgroupMount& mount, std::int64_t task) {
  const std::string text = read_proc(task, "cgroup", most_text);
  const auto path = cgroup_in(text);
  return path ? cgroup_id(mount, *path) : 0;
}

CgroupNames::CgroupNames(std::optional<CgroupMount> mount) : mount_(std::move(mount)) { look(); }

CgroupNames CgroupNames::of(const std::map<std::uint64_t, std::string>& names) {
  CgroupNames recorded{std::nullopt};
  recorded.names_.insert(names.begin(), names.end());
  return recorded;
}

void CgroupNames::look() {
  if (!mount_) return;
  if (const std::uint64_t top = inode_of(mount_->directory)) names_[top] = mount_->top;
  look_into(mount_->directory, mount_->top);
}

// A directory's entries tell their inodes, so nothing is asked about each.
void CgroupNames::look_into(const std::string& directory, const std::string& name) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(directory.c_str()), ::closedir);
  if (!entries) return;
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::string_view child = entry->d_name;
    if (entry->d_type != DT_DIR || child == "." || child == "..") continue;
    const std::string child_name = joined(name, child);
    names_[entry->d_ino] = child_name;
    look_into(joined(directory, child), child_name);
  }
}

const std::string& CgroupNames::name_of(std::uint64_t id) {
  static const std::string none;
  if (const auto known = names_.find(id); known != names_.end()) return known->second;
  if (unknown_.contains(id)) return none;
  look();
  if (const auto known = names_.find(id); known != names_.end()) return known->second;
  if (unknown_.size() >= most_unknown) unknown_.clear();
  unknown_.insert(id);
  return none;
}

}  // namespace socktap
