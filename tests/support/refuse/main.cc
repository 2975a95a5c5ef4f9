// Runs a command to which system calls are refused with EPERM, as a container's filter does:
//
//   refuse pidfd_getfd kcmp -- socktap run …

#include <seccomp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace {

int fail(const char* what, int code) {
  std::fprintf(stderr, "refuse: %s: %s\n", what, std::strerror(code));
  return 1;
}

int refuse(void* filter, const char* name) {
  const int call = seccomp_syscall_resolve_name(name);
  if (call == __NR_SCMP_ERROR) return EINVAL;
  return -seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
}

}  // namespace

int main(int, char** argv) {
  void* filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return fail("no filter", ENOMEM);
  seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);  // 32-bit programs may run
  char** word = argv + 1;
  for (; *word != nullptr && std::string_view(*word) != "--"; ++word)
    if (const int code = refuse(filter, *word); code != 0) return fail(*word, code);
  if (*word == nullptr || *++word == nullptr) return fail("no command", EINVAL);
  if (const int code = -seccomp_load(filter); code != 0) return fail("cannot filter", code);
  execvp(*word, word);
  return fail(*word, errno);
}
