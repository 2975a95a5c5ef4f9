#include <unistd.h>

#include <fstream>

#include "base/cgroups.h"
#include "base/proc.h"
#include "vm/library_cases_test.h"

namespace socktap::vm {
namespace {

std::string own_command() {
  std::ifstream comm("/proc/self/comm");
  std::string name;
  std::getline(comm, name);
  return name;
}

// 0 and "" where there are none of version 2.
std::int64_t own_cgroup() {
  const auto mount = cgroup_mount();
  return mount ? static_cast<std::int64_t>(cgroup_of_task(*mount, ::getpid())) : 0;
}
std::string own_cgroup_path() {
  const std::string text = read_proc(::getpid(), "cgroup", 1 << 16);
  return own_cgroup() == 0 ? "" : std::string(cgroup_in(text).value_or(""));
}

}  // namespace

std::vector<Case> context_cases(pid_t child) {
  constexpr std::int64_t nobody = 4'194'305;  // beyond the largest process id
  const std::string no_arguments = "cannot access function args in this context";
  return {
      {{"pid", {}, child}},
      {{"tid", {}, child}},
      {{"ppid", {}, ::getpid()}},
      {{"uid", {}, 1000}},
      {{"euid", {}, 1001}},
      {{"gid", {}, 100}},
      {{"egid", {}, 101}},
      {{"cpu", {}, 3}},
      {{"execname", {}, "curl"}},
      {{"ns_pid", {}, child}},
      {{"ns_tid", {}, child}},
      {{"ns_ppid", {}, ::getpid()}},
      {{"ns_uid", {}, 1000}},
      {{"ns_euid", {}, 1001}},
      {{"ns_gid", {}, 100}},
      {{"ns_egid", {}, 101}},
      {{"cgroup_path", {0}, ""}},
      {{"cgroup_path", {own_cgroup()}, own_cgroup_path()}},
      {{"pexecname", {}, own_command()}},
      {{"pid2execname", {child}, "sh"}},
      {{"pid2execname", {nobody}, ""}},
      {{"pid2execname", {0}, ""}},
      {{"pgrp", {}, ::getpgid(child)}},
      {{"sid", {}, ::getsid(child)}},
      {{"ns_pgrp", {}, ::getpgid(child)}},
      {{"ns_sid", {}, ::getsid(child)}},

      {{"cmdline_str", {}, R"(sh -c read x name "" last)"}},
      {{"cmdline_arg", {0}, "sh"}},
      {{"cmdline_arg", {2}, "read x"}},
      {{"cmdline_arg", {4}, ""}},
      {{"cmdline_arg", {6}, ""}},
      {{"cmdline_arg", {-1}, ""}},
      {{"cmdline_args", {1, 3, ","}, "-c,read x,name"}},
      {{"cmdline_args", {3, -1, "|"}, R"(name|""|last)"}},
      {{"cmdline_args", {3, 99, "|"}, R"(name|""|last)"}},
      {{"cmdline_args", {5, 1, " "}, "last"}},  // to the end: the second is less than the first
      {{"cmdline_args", {-7, 0, " "}, "sh"}},
      {{"cmdline_args", {9, 10, " "}, ""}},
      {{"env_var", {"GREETING"}, "hello=you"}},
      {{"env_var", {"EMPTY"}, ""}},
      {{"env_var", {"GREET"}, ""}},
      {{"env_var", {""}, ""}},

      {{"target", {}, case_target}},
      {{"target_set_pid", {case_target}, 1}},
      {{"target_set_pid", {case_target + 1}, 0}},
      {{"stp_pid", {}, ::getpid()}},
      {{"is_return", {}, 1}},
      {{"pp", {}, "socket.send"}},
      {{"pn", {}, "socket.send"}},
      {{"ppfunc", {}, ""}},
      {{"probefunc", {}, ""}},
      {{"probe_type", {}, "tapset"}},
      {{"module_name", {}, "socktap"}},
      {{"registers_valid", {}, 0}},
      {{"returnval", {}, 100}},
      {{"returnstr", {2}, "0x64"}},
      {{"int_arg", {1}, fails(no_arguments)}},
      {{"uint_arg", {1}, fails(no_arguments)}},
      {{"long_arg", {1}, fails(no_arguments)}},
      {{"ulong_arg", {1}, fails(no_arguments)}},
      {{"longlong_arg", {1}, fails(no_arguments)}},
      {{"ulonglong_arg", {1}, fails(no_arguments)}},
      {{"pointer_arg", {1}, fails(no_arguments)}},
      {{"s32_arg", {1}, fails(no_arguments)}},
      {{"u32_arg", {1}, fails(no_arguments)}},
      {{"s64_arg", {1}, fails(no_arguments)}},
      {{"u64_arg", {1}, fails(no_arguments)}},

      {{"task_current", {}, child}},
      {{"pid2task", {child}, child}},
      {{"pid2task", {nobody}, 0}},
      {{"task_parent", {child}, ::getpid()}},
      {{"task_parent", {nobody}, 0}},
      {{"task_pid", {child}, child}},
      {{"task_tid", {child}, child}},
      {{"task_execname", {child}, "sh"}},
      {{"task_uid", {child}, static_cast<std::int64_t>(::getuid())}},
      {{"task_euid", {child}, static_cast<std::int64_t>(::geteuid())}},
      {{"task_gid", {child}, static_cast<std::int64_t>(::getgid())}},
      {{"task_egid", {child}, static_cast<std::int64_t>(::getegid())}},
  };
}

}  // namespace socktap::vm
