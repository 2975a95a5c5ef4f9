#include "held_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "own_network.h"

namespace socktap::test {

HeldProcess::HeldProcess(const std::vector<std::string>& command) {
  int gate[2];
  int ready[2];  // at its end of file the child is held
  if (pipe2(gate, O_CLOEXEC) != 0 || pipe2(ready, O_CLOEXEC) != 0) return;
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    char byte = 0;
    close(gate[1]);
    enter_own_network();
    close(ready[1]);
    if (read(gate[0], &byte, 1) == 1) execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(gate[0]);
  gate_.reset(gate[1]);
  close(ready[1]);
  char byte = 0;
  while (read(ready[0], &byte, 1) < 0 && errno == EINTR) {
  }
  close(ready[0]);
}

HeldProcess::~HeldProcess() {
  gate_.reset();
  if (pid_ <= 0 || reaped_) return;
  ::kill(pid_, SIGKILL);
  wait();
}

void HeldProcess::let_go() {
  const ssize_t written = write(gate_.get(), "g", 1);
  static_cast<void>(written);  // a child that is gone shows in wait()
  gate_.reset();
}

bool HeldProcess::ended() {
  if (!reaped_) reaped_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return reaped_;
}

int HeldProcess::wait() {
  if (!reaped_) reaped_ = waitpid(pid_, &status_, 0) == pid_;
  return status_;
}

void HeldProcess::kill(int signal) {
  if (!reaped_) ::kill(pid_, signal);
}

}  // namespace socktap::test
