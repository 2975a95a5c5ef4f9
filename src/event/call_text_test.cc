#include "event/call_text.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "event/call_seen_test.h"

namespace socktap {
namespace {

constexpr std::uint64_t minus_1 = ~std::uint64_t{0};
constexpr std::uint64_t at_fdcwd = 0xffffff9c;  // as registers have it

struct Case {
  Seen seen;
  std::string_view argstr;
};

void expect_argstr(std::initializer_list<Case> cases) {
  for (const auto& [seen, argstr] : cases) EXPECT_EQ(argstr_of(seen.view()), argstr) << seen.name;
}

const std::string inet = words<std::uint8_t>({2, 0, 0, 80, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0});

TEST(CallText, ArgstrOfSocketCalls) {
  expect_argstr({
      {{"socket", {AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP}},
       "PF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP"},
      {{"socket", {AF_UNIX, SOCK_DGRAM, 6}}, "PF_LOCAL, SOCK_DGRAM, 6"},
      {{"socket", {99, 0x1000, 0}}, "0x63, 0x1000, 0"},
      {{"socketpair", {AF_UNIX, SOCK_STREAM, 0, 0x7f10}}, "PF_LOCAL, SOCK_STREAM, 0, 0x7f10"},
      {{"bind", {3, 0x7f10, 16}, {}, inet}, "3, {AF_INET, 127.0.0.1, 80}, 16"},
      {{"connect", {3, 0x7f10, 16}, {}, inet}, "3, {AF_INET, 127.0.0.1, 80}, 16"},
      {{"connect", {3, 0x7f10, 16}}, "3, {...}, 16"},
      {{"connect", {3, 0, 0}}, "3, NULL, 0"},
      {{"listen", {3, 128}}, "3, 128"},
      {{"accept", {3, 0x10, 0}}, "3, 0x10, 0x0"},
      {{"accept4", {3, 0, 0, SOCK_NONBLOCK}}, "3, 0x0, 0x0, SOCK_NONBLOCK"},
      {{"shutdown", {3, SHUT_RDWR}}, "3, SHUT_RDWR"},
      {{"getsockname", {3, 1, 2}}, "3, 0x1, 0x2"},
      {{"getpeername", {3, 1, 2}}, "3, 0x1, 0x2"},
      {{"setsockopt", {3, SOL_SOCKET, SO_REUSEADDR, 0x10, 4}},
       "3, SOL_SOCKET, SO_REUSEADDR, 0x10, 4"},
      {{"getsockopt", {3, SOL_TCP, 9999, 0x10, 0x20}}, "3, SOL_TCP, 0x270f, 0x10, 0x20"},
      {{"sendto", {3, 0x10, 5, MSG_NOSIGNAL, 0x20, 16}, "hello", inet},
       "3, \"hello\", 5, MSG_NOSIGNAL, {AF_INET, 127.0.0.1, 80}, 16"},
      {{"sendto", {minus_1, 0x10, 5, 0, 0, 0}}, "-1, 0x10, 5, 0x0, NULL, 0"},
      {{"send", {3, 0x10, 2, MSG_DONTWAIT}, "hi", {}, Task::compat}, "3, \"hi\", 2, MSG_DONTWAIT"},
      {{"recv", {3, 0x10, 2, 0}, {}, {}, Task::compat}, "3, 0x10, 2, 0x0"},
      {{"recvfrom", {3, 0x10, 9, MSG_PEEK | MSG_TRUNC, 0, 0}},
       "3, 0x10, 9, MSG_PEEK|MSG_TRUNC, 0x0, 0x0"},
      {{"sendmsg", {3, 0x10, MSG_MORE}}, "3, 0x10, MSG_MORE"},
      {{"recvmsg", {3, 0x10, MSG_CMSG_CLOEXEC}}, "3, 0x10, MSG_CMSG_CLOEXEC"},
      {{"sendmmsg", {3, 0x10, 2, 0}}, "3, 0x10, 2, 0x0"},
      {{"recvmmsg", {3, 0x10, 2, 0, 0x20}, words<std::int64_t>({1, 5})},
       "3, 0x10, 2, 0x0, [1.000000005]"},
      {{"recvmmsg", {3, 0x10, 2, 0, 0}}, "3, 0x10, 2, 0x0, NULL"},
  });
}

TEST(CallText, ArgstrOfDescriptorCalls) {
  expect_argstr({
      {{"read", {0, 0x7ffe, 512}}, "0, 0x7ffe, 512"},
      {{"write", {1, 0x7ffe, 3}, "a\nb"}, "1, \"a\\nb\", 3"},
      {{"write", {1, 0x7ffe, 3}}, "1, 0x7ffe, 3"},
      {{"pread", {3, 0x10, 4, minus_1}}, "3, 0x10, 4, -1"},
      {{"pread", {3, 0x10, 4, 1, 2}, {}, {}, Task::compat}, "3, 0x10, 4, 8589934593"},
      {{"pwrite", {3, 0x10, 1, 7}, "x"}, "3, \"x\", 1, 7"},
      {{"preadv2", {3, 0x10, 1, 256, 0, 1}}, "3, 0x10, 1, 0x100, RWF_HIPRI"},
      {{"writev", {3, 0x10, 2}}, "3, 0x10, 2"},
      {{"close", {5}}, "5"},
      {{"close_range", {3, 0xffffffff, 4}}, "3, 4294967295, 0x4"},
      {{"open", {0x10, O_RDONLY, 0644}, text("/etc")}, "\"/etc\", O_RDONLY"},
      {{"open", {0x10, O_WRONLY | O_CREAT | O_TRUNC, 0644}, text("f")},
       "\"f\", O_WRONLY|O_CREAT|O_TRUNC, 0644"},
      {{"openat", {at_fdcwd, 0x10, O_RDWR | O_CLOEXEC, 0}, text("f")},
       "AT_FDCWD, \"f\", O_RDWR|O_CLOEXEC"},
      {{"openat", {7, 0x10, O_CREAT, 0}, text("f")}, "7, \"f\", O_RDONLY|O_CREAT, 00"},
      {{"openat", {7, 0, 0, 0}}, "7, 0x0, O_RDONLY"},
      {{"openat2", {at_fdcwd, 0x10, 0x20, 24}, text("f")}, "AT_FDCWD, \"f\", 0x20, 24"},
      {{"creat", {0x10, 0600}, text("f")}, "\"f\", 0600"},
      {{"dup", {3}}, "3"},
      {{"dup2", {3, 4}}, "3, 4"},
      {{"dup3", {3, 4, O_CLOEXEC}}, "3, 4, O_CLOEXEC"},
      {{"pipe", {0x10}, words<std::int32_t>({3, 4})}, "[3, 4]"},
      {{"pipe2", {0x10, O_NONBLOCK}, words<std::int32_t>({3, 4})}, "[3, 4], O_NONBLOCK"},
      {{"pipe2", {0, 0}}, "NULL"},
      {{"fcntl", {3, F_SETFL, 0x800}}, "3, F_SETFL, 0x800"},
      {{"ioctl", {3, 0x5413, 0x10}}, "3, 21523, 0x10"},
      {{"lseek", {3, minus_1, SEEK_END}}, "3, -1, SEEK_END"},
      {{"flock", {3, 2 | 4}}, "3, LOCK_EX|LOCK_NB"},
      {{"fallocate", {3, 1, 16, 32}}, "3, FALLOC_FL_KEEP_SIZE, 0x10, 32"},
      {{"sendfile", {4, 3, 0, 100}}, "4, 3, 0x0, 100"},
      {{"splice", {3, 0, 4, 0, 10, 1 | 4}}, "3, 0x0, 4, 0x0, 10, SPLICE_F_MOVE|SPLICE_F_MORE"},
      {{"poll", {0x10, 1, minus_1}}, "0x10, 1, -1"},
      {{"ppoll", {0x10, 1, 0, 0, 8}}, "0x10, 1, NULL, 0x0, 8"},
      {{"select", {4, 1, 0, 0, 0x10}, words<std::int64_t>({2, 500000})},
       "4, 0x1, 0x0, 0x0, [2.500000]"},
      {{"epoll_create", {5}}, "5"},
      {{"epoll_create1", {02000000}}, "EPOLL_CLOEXEC"},
      {{"epoll_ctl", {3, 1, 4, 0x10}}, "3, EPOLL_CTL_ADD, 4, 0x10"},
      {{"epoll_wait", {3, 0x10, 8, minus_1}}, "3, 0x10, 8, -1"},
      {{"eventfd", {5, 7}}, "5"},
      {{"eventfd2", {5, 04000 | 1}}, "5, EFD_NONBLOCK|EFD_SEMAPHORE"},
      {{"signalfd4", {minus_1, 0x10, 8, 04000}}, "-1, 0x10, 8, SFD_NONBLOCK"},
      {{"timerfd_create", {1, 04000}}, "CLOCK_MONOTONIC, TFD_NONBLOCK"},
      {{"timerfd_settime", {3, 1, 0x10, 0}, words<std::int64_t>({1, 2, 3, 4})},
       "3, TFD_TIMER_ABSTIME, [1.000002,3.000004], 0x0"},
      {{"timerfd_settime", {3, 0, 0x10, 0}, words<std::int32_t>({1, 2, 3, 4}), {}, Task::compat},
       "3, 0x0, [1.000002,3.000004], 0x0"},
      {{"inotify_init", {}}, ""},
      {{"inotify_add_watch", {3, 0x10, 1 | 0x100}, text("/tmp")},
       "3, \"/tmp\", IN_ACCESS|IN_CREATE"},
      {{"fanotify_mark", {3, 1, 0x20, at_fdcwd, 0x10}, text("/")},
       "3, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, \"/\""},
      {{"io_submit", {10, 2, 0x10}}, "10, 2, 0x10"},
      {{"io_uring_enter", {3, 1, 1, 1, 0, 8}}, "3, 1, 1, 0x1, 0x0, 8"},
      {{"mq_open", {0x10, O_RDWR | O_CREAT, 0600, 0}, text("/q")},
       "\"/q\", O_RDWR|O_CREAT, 0600, 0x0"},
      {{"mq_open", {0x10, O_RDWR, 0600, 0}, text("/q")}, "\"/q\", O_RDWR"},
  });
}

TEST(CallText, ArgstrOfPathCalls) {
  expect_argstr({
      {{"stat", {0x10, 0x20}, text("a")}, "\"a\", 0x20"},
      {{"fstatat", {at_fdcwd, 0x10, 0x20, 0x100}, text("a")},
       "AT_FDCWD, \"a\", 0x20, AT_SYMLINK_NOFOLLOW"},
      {{"statx", {at_fdcwd, 0x10, 0x1000, 0, 0x20}, text("")},
       "AT_FDCWD, \"\", AT_EMPTY_PATH, AT_STATX_SYNC_AS_STAT, 0x20"},
      {{"access", {0x10, 0}, text("a")}, "\"a\", F_OK"},
      {{"faccessat", {at_fdcwd, 0x10, 4 | 1}, text("a")}, "AT_FDCWD, \"a\", R_OK|X_OK"},
      {{"chown", {0x10, minus_1, 7}, text("a")}, "\"a\", -1, 7"},
      {{"chown", {0x10, 0xffff, 7}, text("a"), {}, Task::compat}, "\"a\", -1, 7"},
      {{"rename", {0x10, 0x20}, text("a"), text("b")}, "\"a\", \"b\""},
      {{"renameat2", {at_fdcwd, 0x10, 5, 0x20, 1}, text("a"), text("b")},
       "AT_FDCWD, \"a\", 5, \"b\", RENAME_NOREPLACE"},
      {{"mknod", {0x10, 0100644, 0}, text("a")}, "\"a\", S_IFREG|0644, 0"},
      {{"mkdirat", {at_fdcwd, 0x10, 0755}, text("a")}, "AT_FDCWD, \"a\", 0755"},
      {{"unlinkat", {at_fdcwd, 0x10, 0x200}, text("a")}, "AT_FDCWD, \"a\", AT_REMOVEDIR"},
      {{"truncate", {0x10, 0xffffffff}, text("a"), {}, Task::compat}, "\"a\", -1"},
      {{"umask", {022}}, "022"},
      {{"mount", {0x10, 0x20, 0x30, 1 | 4096, 0}, text("src"), text("/mnt")},
       "\"src\", \"/mnt\", 0x30, MS_RDONLY|MS_BIND, 0x0"},
      {{"umount", {0x10, 2}, text("/mnt")}, "\"/mnt\", MNT_DETACH"},
      {{"umount", {0x10, 2}, text("/mnt"), {}, Task::compat}, "\"/mnt\", 0x0"},
      {{"umount2", {0x10, 2}, text("/mnt"), {}, Task::compat}, "\"/mnt\", MNT_DETACH"},
      {{"swapon", {0x10, 0x8000 | 5}, text("s")}, "\"s\", SWAP_FLAG_PREFER|5"},
      {{"utime", {0x10, 0x20}, text("a"), words<std::int64_t>({0, 86400})},
       "\"a\", [Thu Jan  1 00:00:00 1970, Fri Jan  2 00:00:00 1970]"},
      {{"utimensat", {at_fdcwd, 0, 0x20, 0}, {}, words<std::int64_t>({1, 2, 0, (1 << 30) - 1})},
       "AT_FDCWD, 0x0, [1.000000002][UTIME_NOW], 0x0"},
      {{"sysfs", {1, 0x10, 0}, text("ext4")}, "1, \"ext4\""},
      {{"sysfs", {2, 1, 0x20}}, "2, 1, 0x20"},
      {{"sysfs", {3}}, "3"},
  });
}

TEST(CallText, ArgstrOfMemoryCalls) {
  expect_argstr({
      {{"mmap", {0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, minus_1, 0}},
       "0x0, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0"},
      {{"mmap", {0, 1, PROT_NONE, MAP_SHARED | 21u << 26, 3, 0}},
       "0x0, 1, PROT_NONE, MAP_HUGE_2MB|MAP_SHARED, 3, 0"},
      {{"mmap2", {0, 1, 1, MAP_SHARED, 3, 2}, {}, {}, Task::compat},
       "0x0, 1, PROT_READ, MAP_SHARED, 3, 8192"},
      {{"munmap", {0x1000, 4096}}, "0x1000, 4096"},
      {{"mremap", {0x1000, 1, 2, 1, 0}}, "0x1000, 1, 2, MREMAP_MAYMOVE, 0x0"},
      {{"madvise", {0x1000, 1, 4}}, "0x1000, 1, MADV_DONTNEED"},
      {{"mbind", {0x10, 1, 1 | 1 << 15, 0x20, 2, 0}},
       "0x10, 1, MPOL_F_STATIC_NODES|MPOL_PREFERRED, 0x20, 2, 0x0"},
      {{"shmget", {5, 10, 01000 | 0600}}, "5, 10, IPC_CREAT|0600"},
      {{"shmget", {5, 10, 0600}}, "5, 10, 0x0|0600"},
      {{"semget", {0, 1, 02000 | 0600}}, "IPC_PRIVATE, 1, IPC_EXCL|0600"},
      {{"semget", {7, 1, 0}}, "7, 1, "},
      {{"semctl", {1, 0, 0x100 | 2, 0x10}}, "1, 0, IPC_64|IPC_STAT, 0x10"},
      {{"msgctl", {1, 0, 0x10}}, "1, IPC_RMID, 0x10"},
  });
}

TEST(CallText, ArgstrOfProcessCalls) {
  expect_argstr({
      {{"fork", {}}, ""},
      {{"clone", {0x100 | 17, 0x10, 0x20, 0x30, 0x40}},
       "CLONE_VM|SIGCHLD, 0x10, 0x20, " + std::string(
#if defined(__x86_64__)
                                              "0x30"
#else
                                              "0x40"
#endif
                                              )},
      {{"clone", {17, 0, 0, 0, 0x40}, {}, {}, Task::compat}, "0x0|SIGCHLD, 0x0, 0x0, 0x40"},
      {{"execve", {0x10, 0x20, 0x30}, text("ls") + text("-l"), text("/bin/ls")},
       "\"/bin/ls\", [\"ls\", \"-l\"], [0x30]"},
      {{"execve", {0x10, 0, 0}, {}, text("/bin/ls")}, "\"/bin/ls\", [], []"},
      {{"exit_group", {1}}, "1"},
      {{"wait4", {minus_1, 0x10, 1 | 0x40000000, 0}}, "-1, 0x10, WNOHANG|__WALL, 0x0"},
      {{"waitid", {1, 7, 0, 4, 0}}, "P_PID, 7, 0x0, WEXITED, 0x0"},
      {{"getpid", {}}, ""},
      {{"setuid", {minus_1}}, "-1"},
      {{"setrlimit", {7, 0x10}, words<std::int64_t>({1024, -1})}, "RLIMIT_NOFILE, [1024,-1]"},
      {{"sched_setscheduler", {0, 0x40000000 | 1, 0x10}},
       "0, SCHED_RESET_ON_FORK|SCHED_FIFO, 0x10"},
      {{"ioprio_set", {1, 0, 2 << 13 | 4}}, "IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_BE|4"},
      {{"prctl", {15, 0x10}}, "PR_SET_NAME, 0x10"},
      {{"prctl", {3}}, "PR_GET_DUMPABLE"},
      {{"prctl", {24, 12}}, "PR_CAPBSET_DROP, CAP_NET_ADMIN"},
      {{"prctl", {22, 2, 0x10}}, "PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 0x10"},
      {{"prctl", {0x59616d61, minus_1}}, "PR_SET_PTRACER, PR_SET_PTRACER_ANY"},
      {{"prctl", {33, 1, 2}}, "PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_DEFAULT"},
      {{"prctl", {9999, 1, 2, 3, 4}}, "0x270f, 0x1, 0x2, 0x3, 0x4"},
      {{"ptrace", {0, 0, 0, 0}}, "PTRACE_TRACEME, 0, 0x0, 0x0"},
      {{"ptrace", {2, 7, 0x10, 0x20}}, "PTRACE_PEEKDATA, 7, 0x10, [0x20]"},
      {{"ptrace", {7, 7, 1, 9}}, "PTRACE_CONT, 7, 0x1, SIGKILL"},
      {{"ptrace", {0x4204, 7, 1, 0x20}, words<std::uint64_t>({0x30, 216})},
       "PTRACE_GETREGSET, 7, NT_PRSTATUS, [{0x30, 216}]"},
      {{"ptrace", {0x4200, 7, 0, 1 | 16}},
       "PTRACE_SETOPTIONS, 7, 0x0, PTRACE_O_TRACEEXEC|PTRACE_O_TRACESYSGOOD"},
      {{"futex", {0x10, 0, 1, 0}}, "0x10, FUTEX_WAIT, 1, NULL"},
      {{"futex", {0x10, 0, 1, 0x20}, words<std::int64_t>({3, 4})},
       "0x10, FUTEX_WAIT, 1, [3.000000004]"},
      {{"futex", {0x10, 128, 1, 0x20}}, "0x10, FUTEX_WAIT_PRIVATE, 1"},
      {{"futex", {0x10, 3, 1, minus_1, 0x30}}, "0x10, FUTEX_REQUEUE, 1, -1, 0x30"},
      {{"futex", {0x10, 5, 1, 2, 0x30, 1u << 28 | 4u << 24 | 5u << 12 | 6}},
       "0x10, FUTEX_WAKE_OP, 1, 2, 0x30, {FUTEX_OP_ADD, 5, FUTEX_OP_CMP_GT, 6}"},
      {{"futex", {0x10, 0, 1, 0x20}, words<std::int32_t>({3, 4}), {}, Task::compat},
       "0x10, FUTEX_WAIT, 1, [3.000000004]"},
      {{"unshare", {0x20000}}, "CLONE_NEWNS"},
      {{"pidfd_open", {7, 0}}, "7, 0x0"},
  });
}

TEST(CallText, ArgstrOfSignalsAndTime) {
  expect_argstr({
      {{"kill", {7, 15}}, "7, SIGTERM"},
      {{"kill", {minus_1, 0}}, "-1, SIG_0"},
      {{"tgkill", {7, 8, 64}}, "7, 8, 0x40"},
      {{"rt_sigaction", {2, 0x10, 0, 8}, words<std::uint64_t>({1, 0, 0, 0})},
       "SIGINT, {SIG_IGN}, 0x0, 8"},
      {{"rt_sigaction", {2, 0, 0x10, 8}}, "SIGINT, {NULL}, 0x10, 8"},
      {{"rt_sigaction",
        {2, 0x10, 0, 8},
        words<std::uint64_t>({0x4000, 0x04000000 | 0x10000000, 0x5000, 1})},
       "SIGINT, {0x4000, SA_RESTART|SA_RESTORER, 0x5000, [SIGHUP]}, 0x0, 8"},
      {{"rt_sigaction",
        {2, 0x10, 0, 8},
        words<std::uint32_t>({0x4000, 0x10000000, 0x5000, 2, 0}),
        {},
        Task::compat},
       "SIGINT, {0x4000, SA_RESTART, 0x5000, [SIGINT]}, 0x0, 8"},
      {{"rt_sigprocmask", {0, 0x10, 0, 8}, words<std::uint64_t>({1 << 1 | 1 << 28})},
       "SIG_BLOCK, [SIGINT|SIGIO/SIGPOLL], 0x0, 8"},
      {{"rt_sigsuspend", {0x10, 8}, words<std::uint64_t>({0})}, "[EMPTY], 8"},
      {{"rt_sigqueueinfo", {7, 10, 0x10}, words<std::int32_t>({10, 0, -1, 0, 7, 1000, 0, 0})},
       "7, SIGUSR1, {si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=7, si_uid=1000}"},
      {{"sigaltstack", {0x10, 0}, words<std::uint64_t>({0x1000, 2, 8192})},
       "{ss_sp=0x1000, ss_flags=SS_DISABLE, ss_size=8192}, 0x0"},
      {{"sigaltstack", {0, 0x10}}, "0x0, 0x10"},
      {{"nanosleep", {0x10, 0}, words<std::int64_t>({1, 500})}, "[1.000000500], 0x0"},
      {{"nanosleep", {0x10, 0}, words<std::int32_t>({1, 500}), {}, Task::compat},
       "[1.000000500], 0x0"},
      {{"clock_nanosleep", {1, 1, 0x10, 0}, words<std::int64_t>({1, 2})},
       "CLOCK_MONOTONIC, TIMER_ABSTIME, [1.000000002], 0x0"},
      {{"clock_gettime", {0xfffffff0, 0x10}}, "0xfffffff0, 0x10"},
      {{"setitimer", {0, 0x10, 0}, words<std::int64_t>({0, 0, 1, 5})},
       "ITIMER_REAL, [0.000000,1.000005], 0x0"},
      {{"adjtimex", {0x10}, words<std::uint64_t>({2, 11, 12, 13, 14, 5, 16, 17, 18, 0, 0, 21})},
       "{ADJ_FREQUENCY, constant=16, esterror=14, freq=12, maxerror=13, offset=11, precision=17, "
       "status=5, tick=21, tolerance=18}"},
      {{"settimeofday", {0x10, 0x20}, words<std::int32_t>({-60, 1}), words<std::int64_t>({5, 6})},
       "[5.000006], [-60, 1]"},
  });
}

TEST(CallText, ArgstrOfSystemCalls) {
  expect_argstr({
      {{"reboot", {0xfee1dead, 672274793, 0x01234567, 0}},
       "LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, 0x0"},
      {{"bpf", {5, 0x10, 72}}, "BPF_PROG_LOAD, 0x10, 72"},
      {{"bdflush", {2, 16}, {}, {}, Task::compat}, "2, 0x10"},
      {{"bdflush", {3, 16}, {}, {}, Task::compat}, "3, 16"},
      {{"add_key", {0x10, 0x20, 0x30, 4, 0xfffffffd}, text("user"), text("k")},
       "\"user\", \"k\", 0x30, 4, -3"},
      {{"keyctl", {11, 0xfffffffd, 0x10, 64}}, "KEYCTL_READ, KEY_SPEC_SESSION_KEYRING, 0x10, 64"},
      {{"keyctl", {10, 5, 0x10, 0x20, 6}, text("user"), text("k")},
       "KEYCTL_SEARCH, 5, \"user\", \"k\", 6"},
      {{"keyctl", {5, 6, 0x01000000 | 0x20}}, "KEYCTL_SETPERM, 6, KEY_POS_VIEW|KEY_OTH_SETATTR"},
      {{"keyctl", {99, 1, 2, 3, 4}}, "99, 1, 2, 3, 4"},
      {{"quotactl",
        {0x800007u << 8 | 1, 0x10, 5, 0x20},
        text("/dev/sda"),
        words<std::uint64_t>({1, 2, 3, 4, 5, 0, 0, 0, 0})},
       "Q_GETQUOTA|GRPQUOTA, \"/dev/sda\", 5, {dqb_bhardlimit=1, dqb_bsoftlimit=2, dqb_curspace=3, "
       "dqb_ihardlimit=4, dqb_isoftlimit=5, ...}"},
      {{"quotactl", {0x800001u << 8, 0, 0, 0}}, "Q_SYNC|USRQUOTA, 0x0, 0, 0x0"},
      {{"sethostname", {0x10, 3}, text("abc")}, "\"abc\", 3"},
  });
}

TEST(CallText, NumbersHaveTheWidthOfTheirParameter) {
  const std::uint64_t odd = 0xffff'fffe'8000'0001;
  const Seen read{"read", {odd, odd, odd}};
  EXPECT_EQ(read.value("fd"), "-2147483647");
  EXPECT_EQ(read.value("buf_uaddr"), "-6442450943");
  const Seen of_compat{"read", {odd, odd, odd}, {}, {}, Task::compat};
  EXPECT_EQ(of_compat.value("buf_uaddr"), "2147483649");
  EXPECT_EQ(of_compat.value("count"), "2147483649");
  const Seen poll{"poll", {odd, odd, odd}};
  EXPECT_EQ(poll.value("nfds"), "2147483649");
  const Seen lseek{"lseek", {3, odd, 0}, {}, {}, Task::compat};
  EXPECT_EQ(lseek.value("offset"), "-2147483647");
  EXPECT_EQ((Seen{"dup2", {3, 4, odd}}).value("flags"), "0");
  EXPECT_EQ((Seen{"dup2", {3, 4, odd}}).value("flags_str"), "0x0");
}

TEST(CallText, VariablesOfWhichArgstrHasNone) {
  const Seen bind{"bind", {3, 0x10, 16}, {}, inet};
  EXPECT_EQ(bind.value("uaddr_af"), "AF_INET");
  EXPECT_EQ(bind.value("uaddr_ip"), "127.0.0.1");
  EXPECT_EQ(bind.value("uaddr_ip_port"), "80");
  EXPECT_EQ(bind.value("uaddr_ipv6_flowinfo"), "");
  const Seen open{"open", {0x10, 0, 0}, text("a\"b")};
  EXPECT_EQ(open.value("filename"), "\"a\\\"b\"");
  EXPECT_EQ(open.value("filename_unquoted"), "a\"b");
  EXPECT_EQ((Seen{"pipe", {0x10}, words<std::int32_t>({3, 4})}).value("pipe1"), "4");
  EXPECT_EQ((Seen{"pipe", {0x10}}).value("pipe1"), "0");
  EXPECT_EQ((Seen{"pipe", {0x10}}).value("flag_str"), "");
}

TEST(CallText, Retstr) {
  const auto retstr = [](std::string_view name, std::int64_t result) {
    return retstr_of(Seen{.name = name, .result = result}.view());
  };
  EXPECT_EQ(retstr("read", 42), "42");
  EXPECT_EQ(retstr("read", -2), "-2 (ENOENT)");
  EXPECT_EQ(retstr("read", -4000), "-4000");
  EXPECT_EQ(retstr("read", std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(retstr("mmap", 0x7f00), "0x7f00");
  EXPECT_EQ(retstr("mmap", -12), "-12 (ENOMEM)");
  EXPECT_EQ(retstr("umask", 022), "022");
  EXPECT_EQ(retstr("umask", 0), "00");
  EXPECT_EQ(retstr("adjtimex", 5), "5 (TIME_ERROR)");
  EXPECT_EQ(retstr("adjtimex", -1), "-1 (-1)");
  EXPECT_EQ(retstr("rt_sigreturn", 7), "void");
}

// Whatever a task passes and wherever its memory ends, there is a text.
TEST(CallText, EveryCallOfAnythingHasATexts) {
  const std::string full(256, 'x');
  for (const tapset::Call& call : tapset::calls()) {
    for (const std::uint64_t filler :
         {std::uint64_t{0}, minus_1, std::uint64_t{0x123456789abcdef}}) {
      for (const std::size_t size : {0, 1, 7, 16, 128}) {
        CallView view{.call = &call, .compat = call.native.empty()};
        view.arguments.fill(filler);
        for (auto& memory : view.memory) memory = {std::span(full).first(size), size != 0};
        const std::string argstr = argstr_of(view);
        EXPECT_EQ(argstr.empty(), call.argstr.empty()) << call.point;
        for (const tapset::CallVariable& variable : call.variables) {
          if (tapset::row(variable.name).type == Type::string) {
            EXPECT_LE(text_of(variable, view).size(), 1024u) << call.point;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace socktap
