// Which container a control group is of.
#pragma once

#include <string_view>

namespace socktap {

// The id that docker, containerd, CRI-O, podman and kubernetes put into the path of a container's
// cgroup, or the name that LXC does: a part of `path`. "": it is in none. Of containers within
// containers the innermost.
std::string_view container_of(std::string_view path);

}  // namespace socktap
