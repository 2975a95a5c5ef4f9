// Control groups of version 2: which of them a task is in, and their names by the ids that the
// kernel gives them, which are the inodes of their directories.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace socktap {

// Which versions a host has: the first has no ids.
enum class CgroupVersion : std::uint8_t { none, v1, hybrid, v2 };

// As /proc/PID/cgroup of any task says, which is asked of our own.
CgroupVersion cgroup_version(std::string_view text);
CgroupVersion cgroup_version();
inline bool has_cgroup_ids(CgroupVersion version) { return version >= CgroupVersion::hybrid; }

// The cgroup that such a text names: "/system.slice/ssh.service"; nullopt: none of version 2.
std::optional<std::string_view> cgroup_in(std::string_view text);

// A directory that has the cgroups, from `top` on as /proc/PID/cgroup calls it: "/", or, of a
// container that is given a part of its host's, the name of that.
struct CgroupMount {
  std::string directory;
  std::string top;
};

// nullopt: a text such as /proc/PID/mountinfo tells of none.
std::optional<CgroupMount> cgroup_mount(std::string_view mountinfo);
std::optional<CgroupMount> cgroup_mount();  // of this process

// 0: it is not known.
std::uint64_t cgroup_id(const CgroupMount& mount, std::string_view path);
std::uint64_t cgroup_of_task(const CgroupMount& mount, std::int64_t task);

class CgroupNames {
 public:
  // Knows those that there are; later ones are looked for when they are asked for. What was known
  // once is known for ever.
  explicit CgroupNames(std::optional<CgroupMount> mount = cgroup_mount());

  // Knows these, and no others: those of a recording.
  static CgroupNames of(const std::map<std::uint64_t, std::string>& names);

  // "": it is not known.
  const std::string& name_of(std::uint64_t id);

 private:
  void look();
  void look_into(const std::string& directory, const std::string& name);

  std::optional<CgroupMount> mount_;
  std::unordered_map<std::uint64_t, std::string> names_;
  std::unordered_set<std::uint64_t> unknown_;  // that were looked for
};

}  // namespace socktap
