#include "terminal.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "own_network.h"

namespace socktap::test {
namespace {

using Clock = std::chrono::steady_clock;

std::chrono::milliseconds left_until(Clock::time_point end) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
}

}  // namespace

Terminal::Terminal(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  int master = -1;
  pid_ = forkpty(&master, nullptr, nullptr, nullptr);
  if (pid_ == 0) {
    enter_own_network();
    execvp(arguments[0], arguments.data());
    std::perror(arguments[0]);
    _exit(127);
  }
  master_.reset(master);
}

Terminal::~Terminal() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Terminal::read_more(std::chrono::milliseconds within) {
  pollfd entry{master_.get(), POLLIN, 0};
  if (poll(&entry, 1, static_cast<int>(std::max<long>(within.count(), 0))) <= 0) return false;
  std::array<char, 4096> piece;
  const ssize_t length = read(master_.get(), piece.data(), piece.size());
  for (ssize_t i = 0; i < length; ++i)
    if (piece[static_cast<std::size_t>(i)] != '\r') screen_ += piece[static_cast<std::size_t>(i)];
  return length > 0;  // EIO once the last process has closed its side
}

bool Terminal::shows(const std::string& text, std::chrono::milliseconds within) {
  const auto end = Clock::now() + within;
  while (screen_.find(text) == std::string::npos)
    if (!read_more(left_until(end))) return false;
  return true;
}

void Terminal::press_ctrl_c() {
  const ssize_t written = write(master_.get(), "\x03", 1);
  static_cast<void>(written);  // a program that is gone shows in wait()
}

int Terminal::wait(std::chrono::milliseconds within) {
  const auto end = Clock::now() + within;
  while (read_more(left_until(end))) {
  }
  int status = 0;
  while (pid_ > 0 && waitpid(pid_, &status, WNOHANG) != pid_) {
    if (Clock::now() >= end) return -1;
    usleep(2000);
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace socktap::test
