// syscall.*: a system call's beginning and return once each, with its arguments, the memory that
// they point to and its result.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <string>

#include "base/unique_fd.h"
#include "command.h"

namespace socktap::test {
namespace {

using namespace std::chrono_literals;

// A child that acts when it is told to, and makes no other call meanwhile but rt_sigtimedwait.
class Actor {
 public:
  explicit Actor(const std::function<bool()>& act) {
    sigset_t start;
    sigemptyset(&start);
    sigaddset(&start, SIGUSR1);
    sigset_t before;
    ::sigprocmask(SIG_BLOCK, &start, &before);  // the child's from its first moment
    pid_ = ::fork();
    if (pid_ == 0) {
      ::sigwaitinfo(&start, nullptr);
      ::_exit(act() ? 0 : 1);
    }
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
  }
  ~Actor() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  pid_t pid() const { return pid_; }
  bool run() {
    ::kill(pid_, SIGUSR1);
    int status = -1;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return status == 0;
  }

 private:
  pid_t pid_ = -1;
};

// What a script prints of what `act`, in a child, does: "ready" is taken off.
std::string observe(const std::string& script, const std::function<bool()>& act) {
  const std::string ready = "ready\n";
  Actor actor(act);
  Command socktap(socktap_run(
      {"-e", "probe begin { println(\"ready\") }\n" + script, "-x", std::to_string(actor.pid())}));
  EXPECT_TRUE(socktap.printed(ready, 10s));
  EXPECT_TRUE(actor.run());
  socktap.signal(SIGINT);
  const Outcome outcome = socktap.wait();
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.errors, "");
  return outcome.output.substr(std::min(outcome.output.size(), ready.size()));
}

TEST(SystemCalls, BeginAndReturnOnceEachWithTheirArguments) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const std::string output = observe(
      "probe syscall.socketpair, syscall.sendto, syscall.recvfrom, syscall.close {\n"
      "  printf(\"%s(%s)\\n\", name, argstr) }\n"
      "probe syscall.socketpair.return, syscall.sendto.return, syscall.recvfrom.return,\n"
      "  syscall.close.return { printf(\"%s = %d %s\\n\", name, retval, retstr) }",
      [&] {
        std::array<int, 2> pair{};
        char room[100];
        const char ping[] = "ping\n";  // in memory: a literal may not be, yet
        const bool made = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0 &&
                          ::dup2(pair[0], 50) == 50 && ::dup2(pair[1], 51) == 51;
        const bool moved = ::send(50, ping, 5, MSG_NOSIGNAL) == 5 &&
                           ::recv(51, room, sizeof room, MSG_DONTWAIT) == 5 &&
                           ::recv(51, room, sizeof room, MSG_DONTWAIT) == -1;
        ::close(50);
        ::close(51);
        ::close(51);
        return made && moved;
      });
  std::string lines;
  for (const std::string& line : lines_of(output))  // addresses differ from run to run
    lines += line.substr(0, line.find("0x7")) + "\n";
  EXPECT_EQ(lines,
            "socketpair(PF_LOCAL, SOCK_STREAM|SOCK_CLOEXEC, 0, \n"
            "socketpair = 0 0\n"
            "sendto(50, \"ping\\n\", 5, MSG_NOSIGNAL, NULL, 0)\n"
            "sendto = 5 5\n"
            "recvfrom(51, \n"
            "recvfrom = 5 5\n"
            "recvfrom(51, \n"
            "recvfrom = -11 -11 (EAGAIN)\n"
            "close(50)\nclose = 0 0\n"
            "close(51)\nclose = 0 0\n"
            "close(51)\nclose = -9 -9 (EBADF)\n");
}

TEST(SystemCalls, MemoryIsReadAsFarAsItGoes) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const std::string longest(400, 'x');
  const std::string output = observe(
      "probe syscall.openat { println(filename, \" \", flags_str) }\n"
      "probe syscall.connect { println(uaddr_ip, \" \", uaddr_ip_port) }",
      [&] {
        const char name[] = "/no/such\tfile";
        ::open(name, O_RDONLY | O_NOFOLLOW);
        ::open(longest.c_str(), O_WRONLY);
        ::syscall(SYS_openat, AT_FDCWD, 8, O_RDONLY);
        ::syscall(SYS_openat, AT_FDCWD, 0, O_RDONLY);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(9);
        address.sin_addr.s_addr = htonl(0x7f000002);
        return ::connect(-1, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0;
      });
  const std::vector<std::string> lines = lines_of(output);
  ASSERT_EQ(lines.size(), 5U) << output;
  EXPECT_EQ(lines[0], "\"/no/such\\tfile\" O_RDONLY|O_NOFOLLOW");
  EXPECT_EQ(lines[1], "\"" + std::string(256, 'x') + "\"... O_WRONLY");
  EXPECT_EQ(lines[2], "0x8 O_RDONLY");
  EXPECT_EQ(lines[3], "0x0 O_RDONLY");
  EXPECT_EQ(lines[4], "127.0.0.2 9");
}

TEST(SystemCalls, ReturnsKnowTheArgumentsToo) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const std::string output = observe(
      "probe syscall.read.return { println(fd, \" \", count, \" \", retval) }\n"
      "probe syscall.lseek, nd_syscall.lseek.return { println(pp(), \" \", fildes, \" \", "
      "offset, \" \", whence_str) }",
      [&] {
        const UniqueFd zero(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
        char room[64];
        const bool read = ::syscall(SYS_read, zero.get(), room, 33) == 33;
        ::syscall(SYS_read, -7, room, 5);
        ::syscall(SYS_lseek, -2, -5L, SEEK_END);
        return read;
      });
  const std::vector<std::string> lines = lines_of(output);
  ASSERT_EQ(lines.size(), 4U) << output;
  EXPECT_TRUE(lines[0].ends_with(" 33 33")) << lines[0];
  EXPECT_EQ(lines[1], "-7 5 -9");
  EXPECT_EQ(lines[2], "syscall.lseek -2 -5 SEEK_END");
  EXPECT_EQ(lines[3], "nd_syscall.lseek.return -2 -5 SEEK_END");
}

// Vectors, times and calls without names are among "any".
TEST(SystemCalls, AnyCallCounts) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const std::string output = observe(
      "global begun, ended\n"
      "probe syscall_any { begun[name, syscall_nr]++ }\n"
      "probe syscall_any.return { if (name != \"\" || retval != -38) next; ended++ }\n"
      "probe end { println(begun[\"getpgid\", 121], \" \", begun[\"\", 500], \" \", ended) }",
      [&] {
        for (int i = 0; i < 1000; ++i) ::syscall(SYS_getpgid, 0);
        for (int i = 0; i < 10; ++i) ::syscall(500);
        return true;
      });
#if defined(__x86_64__)
  EXPECT_EQ(output, "1000 10 10\n");
#else
  EXPECT_TRUE(output.ends_with(" 10 10\n")) << output;
#endif
}

TEST(SystemCalls, NewProgramsShowTheirArguments) {
  if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  const Outcome outcome = run(socktap_run(
      {"-e",
       "probe syscall.execve { if (pid() == target()) println(filename, \" \", args) }\n"
       "probe syscall.execve.return { if (pid() == target()) println(retstr, \" \", execname()) }",
       "-c", "/bin/echo one 'two three'"}));
  EXPECT_NE(outcome.output.find("\"/bin/echo\" [\"/bin/echo\", \"one\", \"two three\"]\n0 echo\n"),
            std::string::npos)
      << outcome.output << outcome.errors;
}

}  // namespace
}  // namespace socktap::test
