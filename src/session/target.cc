#include "session/target.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/signals.h"

namespace socktap::session {
namespace {

// A single command is exec'd, so that its pid is the one we started; a list, a pipeline or an
// assignment needs the shell to stay.
std::string as_shell_line(const std::string& command) {
  const bool stays = command.find_first_of(";|&\n(){}!") != std::string::npos;
  const bool assigns = command.find('=') < command.find_first_of(" \t'\"");
  return stays || assigns ? command : "exec " + command;
}

struct PipeEnds {
  UniqueFd read_end, write_end;
};

Result<PipeEnds> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("cannot make a pipe", errno);
  return PipeEnds{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

struct Account {
  uid_t uid;
  gid_t gid;
  std::vector<gid_t> groups;
  std::string name;
  std::string home;
  std::string shell;
};

// What did not work in the child.
struct Failure {
  enum class Step : int { become_user, install_filter, execute };
  Step step;
  int code;  // errno
};

Result<std::optional<Account>> find_account(const std::optional<std::string>& user) {
  if (!user) return std::optional<Account>();
  const passwd* entry = ::getpwnam(user->c_str());
  if (entry == nullptr) return failure("no user named " + *user, "see getent passwd");
  Account account{entry->pw_uid, entry->pw_gid, {}, *user, entry->pw_dir, entry->pw_shell};
  int count = 64;
  account.groups.resize(static_cast<std::size_t>(count));
  if (::getgrouplist(user->c_str(), account.gid, account.groups.data(), &count) < 0) {
    account.groups.resize(static_cast<std::size_t>(count));
    ::getgrouplist(user->c_str(), account.gid, account.groups.data(), &count);
  }
  account.groups.resize(static_cast<std::size_t>(count));
  return std::optional(std::move(account));
}

// As su(1) does: the environment is the caller's, but for what names the user.
int become(const Account& account) {
  if (::setgroups(account.groups.size(), account.groups.data()) != 0 ||
      ::setgid(account.gid) != 0 || ::setuid(account.uid) != 0) {
    return errno;
  }
  ::setenv("HOME", account.home.c_str(), 1);
  ::setenv("USER", account.name.c_str(), 1);
  ::setenv("LOGNAME", account.name.c_str(), 1);
  ::setenv("SHELL", account.shell.c_str(), 1);
  return 0;
}

// What the child says first.
struct Ready {
  int report;  // its descriptor for what comes after
};

bool read_all(int from, void* to, std::size_t size) {
  for (auto* at = static_cast<char*>(to); size > 0;) {
    const ssize_t length = ::read(from, at, size);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return false;
    at += length;
    size -= static_cast<std::size_t>(length);
  }
  return true;
}

// How many instructions, and they. nullopt: nobody says.
std::optional<std::size_t> read_filter(int gate, std::array<sock_filter, BPF_MAXINSNS>& filter) {
  std::uint16_t count = 0;
  if (!read_all(gate, &count, sizeof count) || count > filter.size()) return std::nullopt;
  if (!read_all(gate, filter.data(), count * sizeof(sock_filter))) return std::nullopt;
  return count;
}

// Without privilege a filter takes the promise not to gain any. errno, or 0.
int install(sock_filter* filter, std::size_t count) {
  const sock_fprog program{static_cast<unsigned short>(count), filter};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) return 0;
  if (errno != EACCES) return errno;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : errno;
}

// A pipe that no other child of this program has, whose write end tells when it is closed.
int make_own_report() {
  std::array<int, 2> ends{-1, -1};
  return ::pipe2(ends.data(), O_CLOEXEC) == 0 ? ends[1] : -1;
}

// The read end of such a pipe; of the one that was there before where that cannot be had.
UniqueFd report_of(pid_t child, const Ready& ready, UniqueFd common) {
  if (ready.report < 0) return common;
  const std::string path = "/proc/" + std::to_string(child) + "/fd/" + std::to_string(ready.report);
  UniqueFd own(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return own.valid() ? std::move(own) : std::move(common);
}

[[noreturn]] void run_child(int gate, int report, const std::optional<Account>& account,
                            char* const* arguments) {
  // This program's: a server ignores SIGPIPE and blocks what it likes; a command expects neither.
  drop_signal_handlers();
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGCHLD, SIG_DFL);
  ::prctl(PR_SET_PTRACER,
          PR_SET_PTRACER_ANY);  // where Yama asks for it: who traces us is no parent
  const Ready ready{make_own_report()};
  if (::write(report, &ready, sizeof ready) != sizeof ready) ::_exit(127);
  std::array<sock_filter, BPF_MAXINSNS> filter{};
  const std::optional<std::size_t> instructions = read_filter(gate, filter);
  if (!instructions) ::_exit(127);  // socktap went away before it let us go
  ::prctl(PR_SET_PTRACER, 0);
  Failure failure{};
  // Before privileges are left: without them a filter takes more than it should.
  if (*instructions > 0)
    failure = {Failure::Step::install_filter, install(filter.data(), *instructions)};
  if (failure.code == 0 && account) failure = {Failure::Step::become_user, become(*account)};
  if (failure.code == 0) {
    unblock_signals();
    ::execvp(arguments[0], arguments);
    failure = {Failure::Step::execute, errno};
  }
  for (const int to : {ready.report, report})  // one of them is read
    if (::write(to, &failure, sizeof failure) < 0) continue;
  ::_exit(127);
}

int wait_status(const siginfo_t& end) {
  constexpr int dumped = 0x80;
  if (end.si_code == CLD_EXITED) return (end.si_status & 0xff) << 8;
  return end.si_status | (end.si_code == CLD_DUMPED ? dumped : 0);
}

}  // namespace

Result<TargetProcess> TargetProcess::start(const std::string& command,
                                           const std::optional<std::string>& user) {
  if (auto words = split_words(command); words && !words->empty()) {
    return start(std::move(*words), user);
  }
  return start(std::vector<std::string>{"sh", "-c", as_shell_line(command)}, user);
}

Result<TargetProcess> TargetProcess::start(std::vector<std::string> words,
                                           const std::optional<std::string>& user) {
  if (words.empty()) return failure("-c needs a command");
  const auto account = find_account(user);
  if (!account) return tl::unexpected(account.error());
  auto gate = make_pipe();
  if (!gate) return tl::unexpected(gate.error());
  auto report = make_pipe();
  if (!report) return tl::unexpected(report.error());

  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  pid_t pid = -1;
  {
    const BlockedSignals blocked;
    pid = ::fork();
    if (pid < 0) return system_failure("cannot start " + words[0], errno);
    if (pid == 0) {
      gate->write_end.reset();
      run_child(gate->read_end.get(), report->write_end.get(), *account, arguments.data());
    }
  }
  TargetProcess target(Pidfd(pid), std::move(gate->write_end), std::move(report->read_end),
                       words[0]);
  report->write_end.reset();
  Ready said{};
  if (!read_all(target.report_.get(), &said, sizeof said))
    return failure("cannot start " + target.name_);
  target.report_ = report_of(pid, said, std::move(target.report_));
  return target;
}

TargetProcess::TargetProcess(Pidfd process, UniqueFd gate, UniqueFd report, std::string name)
    : process_(std::move(process)),
      gate_(std::move(gate)),
      report_(std::move(report)),
      name_(std::move(name)) {}

// Other children of this program may hold the gate open, so that closing it tells nothing.
TargetProcess::~TargetProcess() {
  if (!gate_.valid() || has_ended_) return;
  process_.signal(SIGKILL);
  take_end(0);
}

Result<void> TargetProcess::let_go(std::span<const sock_filter> filter) {
  const auto count = static_cast<std::uint16_t>(filter.size());
  const auto length = static_cast<ssize_t>(filter.size_bytes());
  bool told = false;
  int refusal = 0;
  {
    const NoSigpipe guard;
    told = ::write(gate_.get(), &count, sizeof count) == sizeof count &&
           ::write(gate_.get(), filter.data(), filter.size_bytes()) == length;
    refusal = errno;
  }
  if (!told && refusal == EPIPE)
    return failure("cannot run " + name_ + ": it was killed before it began", "", ESRCH);
  if (!told) return system_failure("cannot start " + name_, refusal);
  gate_.reset();
  Failure failed{};
  ssize_t n = 0;
  do {
    n = ::read(report_.get(), &failed, sizeof failed);
  } while (n < 0 && errno == EINTR);
  report_.reset();
  if (n != sizeof failed) return {};
  take_end(0);
  if (failed.step == Failure::Step::become_user)
    return system_failure("cannot become the user that is to run " + name_, failed.code,
                          "--user takes root, or CAP_SETUID and CAP_SETGID");
  if (failed.step == Failure::Step::install_filter)
    return system_failure("cannot filter the system calls of " + name_, failed.code,
                          "a kernel with CONFIG_SECCOMP_FILTER");
  return system_failure("cannot run " + name_, failed.code);
}

bool TargetProcess::has_ended() {
  if (!has_ended_) take_end(WNOHANG);
  return has_ended_;
}

// What nobody can wait for any more has ended, and somebody else knows how.
void TargetProcess::take_end(int options) {
  const auto [type, id] = process_.wait_target();
  siginfo_t end{};
  int waited = 0;
  do {
    waited = ::waitid(static_cast<idtype_t>(type), id, &end, WEXITED | options);
  } while (waited < 0 && errno == EINTR);
  has_ended_ = waited == 0 ? end.si_pid != 0 : errno == ECHILD || process_.has_ended();
  if (waited == 0 && end.si_pid != 0) status_ = wait_status(end);
}

std::optional<std::vector<std::string>> split_words(const std::string& command) {
  constexpr std::string_view shell_syntax = "|&;<>()$`*?[]#~={}!\n";
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (!in_word && c != ' ' && c != '\t') {
      words.emplace_back();
      in_word = true;
    }
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else if (quote == '"' && (c == '$' || c == '`' || c == '\\')) {
        return std::nullopt;
      } else {
        words.back() += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '\\') {
      if (++i == command.size()) return std::nullopt;
      words.back() += command[i];
    } else if (c == ' ' || c == '\t') {
      in_word = false;
    } else if (shell_syntax.find(c) != std::string_view::npos) {
      return std::nullopt;
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return words;
}

}  // namespace socktap::session
