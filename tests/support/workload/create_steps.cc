// Sockets made and not made.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "exchange.h"
#include "steps.h"

namespace socktap::workload {
namespace {

struct Request {
  std::string_view name;
  int family;
  int type;
  int protocol;
};
constexpr Request granted[] = {
    {"unix_stream", AF_UNIX, SOCK_STREAM, 0},
    {"unix_dgram_as_raw", AF_UNIX, SOCK_RAW, 0},
    {"unix_seqpacket_flags", AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0},
    {"tcp4", AF_INET, SOCK_STREAM, IPPROTO_TCP},
    {"udp4_flags", AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP},
    {"tcp6", AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0},
    {"netlink_dgram", AF_NETLINK, SOCK_DGRAM, 15},
};

void grant(Workbench& bench, const Request& request) {
  close_socket(open_socket(request.family, request.type, request.protocol, bench.recorder()),
               bench.recorder());
}

// How far the kernel got before it refused.
enum class Refused { before_making, while_making, after_allocation };

struct Refusal {
  Request request;
  int error;
  Refused when;
};
constexpr Refusal refusals[] = {
    {{"bad_family", 99, SOCK_STREAM, 0}, -EAFNOSUPPORT, Refused::while_making},
    {{"bad_type", AF_INET, 14, 0}, -EINVAL, Refused::while_making},
    {{"bad_type_flags", AF_INET, SOCK_STREAM | 0x100000, 0}, -EINVAL, Refused::before_making},
    {{"bad_protocol/unix", AF_UNIX, SOCK_STREAM, 99}, -EPROTONOSUPPORT, Refused::after_allocation},
    {{"bad_protocol/inet", AF_INET, SOCK_STREAM, 17}, -EPROTONOSUPPORT, Refused::after_allocation},
    {{"bad_protocol/netlink", AF_NETLINK, SOCK_RAW, 77},
     -EPROTONOSUPPORT,
     Refused::after_allocation},
    {{"no_such_type/inet", AF_INET, SOCK_SEQPACKET | SOCK_CLOEXEC, 0},
     -ESOCKTNOSUPPORT,
     Refused::after_allocation},
};

void refuse(Workbench& bench, const Refusal& refusal) {
  const auto [name, family, type, protocol] = refusal.request;
  const long result = outcome(socket(family, type, protocol));
  require(result == refusal.error, name, result);
  if (refusal.when == Refused::before_making) return;
  const int plain_type = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
  bench.recorder().created(family, plain_type, protocol, refusal.error);
  if (refusal.when == Refused::after_allocation) bench.recorder().discarded({-1, -1, plain_type});
}

// No descriptor may be opened while it lives.
class DescriptorsExhausted {
 public:
  DescriptorsExhausted() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~DescriptorsExhausted() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// The socket is made, and released again because there is no descriptor for it.
void no_descriptor(Workbench& bench) {
  long result = 0;
  {
    const DescriptorsExhausted exhausted;
    result = outcome(socket(AF_INET, SOCK_DGRAM, 0));
  }
  require(result == -EMFILE, "socket without descriptors", result);
  bench.recorder().created(AF_INET, SOCK_DGRAM, 0);
  bench.recorder().discarded({-1, AF_INET, SOCK_DGRAM, IPPROTO_UDP});
}

// socketpair(2) reserves its descriptors first: nothing is made.
void no_descriptor_for_pair(Workbench&) {
  int fds[2];
  const DescriptorsExhausted exhausted;
  const long result = outcome(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
  require(result == -EMFILE, "socketpair without descriptors", result);
}

void pair_of_bad_family(Workbench& bench) {
  int fds[2];
  const long result = outcome(socketpair(99, SOCK_STREAM, 0, fds));
  require(result == -EAFNOSUPPORT, "socketpair of a bad family", result);
  bench.recorder().created(99, SOCK_STREAM, 0, -EAFNOSUPPORT);
}

// Two sockets are made before the family turns out to have no pairs.
void pair_without_support(Workbench& bench) {
  int fds[2];
  const long result = outcome(socketpair(AF_INET, SOCK_STREAM, 0, fds));
  require(result == -EOPNOTSUPP, "socketpair of AF_INET", result);
  for (int i = 0; i < 2; ++i) bench.recorder().created(AF_INET, SOCK_STREAM, 0);
  for (int i = 0; i < 2; ++i) {
    bench.recorder().discarded({-1, AF_INET, SOCK_STREAM, IPPROTO_TCP});
  }
}

// What systemd's RestrictAddressFamilies= does: the call ends without having begun.
void deny_sockets() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socketpair, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
  require(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0, "seccomp");
}

void denied(Workbench&) {
  const pid_t child = fork();
  require(child >= 0, "fork");
  if (child == 0) {
    int fds[2];
    deny_sockets();
    const bool refused = outcome(socket(AF_INET, SOCK_DGRAM, 0)) == -EPERM &&
                         outcome(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds)) == -EPERM;
    _exit(refused ? 0 : 1);
  }
  int status = 0;
  require(waitpid(child, &status, 0) == child && status == 0, "socket under seccomp", status);
}

}  // namespace

void add_create_steps(std::vector<Step>& steps) {
  for (const Request& request : granted) {
    steps.push_back(
        {"create/" + std::string(request.name), [&](Workbench& bench) { grant(bench, request); }});
  }
  for (const Refusal& refusal : refusals) {
    steps.push_back({"create_refused/" + std::string(refusal.request.name),
                     [&](Workbench& bench) { refuse(bench, refusal); }});
  }
  steps.push_back({"create_refused/EMFILE", no_descriptor});
  steps.push_back({"create_refused/EMFILE_pair", no_descriptor_for_pair});
  steps.push_back({"create_refused/bad_family_pair", pair_of_bad_family});
  steps.push_back({"create_refused/no_pairs", pair_without_support});
  steps.push_back({"create_refused/seccomp", denied});
}

}  // namespace socktap::workload
