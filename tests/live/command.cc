#include "command.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "conformance.h"
#include "own_network.h"

namespace socktap::test {
namespace {

std::string unique_path(const std::string& name) {
  static std::atomic<int> count{0};
  return std::filesystem::temp_directory_path() /
         ("socktap-" + std::to_string(getpid()) + "-" + std::to_string(++count) + "-" + name);
}

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

int create(const std::string& path) {
  return open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

}  // namespace

std::vector<std::string> by_backend(std::vector<std::string> words) {
  const char* backend = std::getenv("SOCKTAP_TEST_BACKEND");
  if (is_of_ptrace()) leave_out_leak_search();
  const bool observes =
      words.size() > 1 && words[0] == SOCKTAP_BINARY && (words[1] == "run" || words[1] == "trace");
  if (backend != nullptr && observes && std::ranges::find(words, "--backend") == words.end())
    words.insert(words.begin() + 2, {"--backend", backend});
  return words;
}

Command::Command(const std::vector<std::string>& given, Output output)
    : output_file_(unique_path("out")), error_file_(unique_path("err")) {
  const std::vector<std::string> words = by_backend(given);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  UniqueFd out(create(output_file_));
  const UniqueFd err(create(error_file_));
  if (output != Output::to_file) {
    int ends[2];
    const int failed = output == Output::to_pipe
                           ? pipe2(ends, O_CLOEXEC)
                           : socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
    if (failed) return;
    pipe_.reset(ends[0]);
    out.reset(ends[1]);
  }
  pid_ = fork();
  if (pid_ == 0) {
    setpgid(0, 0);
    enter_own_network();
    dup2(out.get(), STDOUT_FILENO);
    dup2(err.get(), STDERR_FILENO);
    execvp(arguments[0], arguments.data());
    std::perror(arguments[0]);
    _exit(127);
  }
  group_ = pid_;
  setpgid(pid_, group_);  // whoever of the two comes first
}

Command::~Command() {
  if (group_ > 0) kill(-group_, SIGKILL);
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  std::filesystem::remove(output_file_);
  std::filesystem::remove(error_file_);
}

void Command::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

bool Command::printed(const std::string& text, std::chrono::milliseconds within) const {
  const auto until = std::chrono::steady_clock::now() + within;
  while (std::chrono::steady_clock::now() < until) {
    if (contents(output_file_).find(text) != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

std::string Command::read_line() {
  std::string line;
  for (char c = 0; read(pipe_.get(), &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

int Command::waiting_bytes() const {
  int bytes = 0;
  return ioctl(pipe_.get(), FIONREAD, &bytes) == 0 ? bytes : -1;
}

void Command::read_to_end(const std::function<void(std::string_view)>& take) {
  std::vector<char> piece(1 << 16);
  for (ssize_t length; (length = read(pipe_.get(), piece.data(), piece.size())) > 0;)
    take({piece.data(), static_cast<std::size_t>(length)});
}

Outcome Command::wait(std::chrono::milliseconds within) {
  Outcome outcome;
  const auto until = std::chrono::steady_clock::now() + within;
  while (pid_ > 0 && std::chrono::steady_clock::now() < until) {
    int status = 0;
    rusage used{};
    if (wait4(pid_, &status, WNOHANG, &used) == pid_) {
      outcome.peak_memory_kb = used.ru_maxrss;
      outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      pid_ = -1;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  outcome.output = contents(output_file_);
  outcome.errors = contents(error_file_);
  return outcome;
}

Outcome run(const std::vector<std::string>& words) { return Command(words).wait(); }

std::vector<std::string> socktap_run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {SOCKTAP_BINARY, "run", "-q"});
  return arguments;
}

std::string refusal() {
  const Outcome outcome = run(socktap_run({"-e", "probe socket.send { exit() }", "-c", "true"}));
  return outcome.status == 3 ? outcome.errors : "";
}

std::string refusal_of_ebpf() {
  if (is_of_ptrace()) return "takes eBPF; what is tested is ptrace";
  const Outcome outcome =
      run(socktap_run({"--backend", "ebpf", "-e", "probe socket.send { exit() }", "-c", "true"}));
  return outcome.status == 3 ? outcome.errors : "";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TemporaryFile::TemporaryFile(const std::string& name) : path_(unique_path(name)) {}
TemporaryFile::~TemporaryFile() { std::filesystem::remove(path_); }

TemporaryFolder::TemporaryFolder(const std::string& name) : path_(unique_path(name)) {
  std::filesystem::create_directory(path_);
}
TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

}  // namespace socktap::test
