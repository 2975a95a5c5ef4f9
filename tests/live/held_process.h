// A child that waits before it executes its program, so that an observer can attach first.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace socktap::test {

class HeldProcess {
 public:
  explicit HeldProcess(const std::vector<std::string>& command);
  HeldProcess(const HeldProcess&) = delete;
  HeldProcess& operator=(const HeldProcess&) = delete;
  ~HeldProcess();  // kills what still runs

  pid_t pid() const { return pid_; }
  void let_go();
  bool ended();  // without waiting
  int wait();    // the status as waitpid gives it
  void kill(int signal);

 private:
  pid_t pid_ = -1;
  int status_ = 0;
  bool reaped_ = false;
  UniqueFd gate_;
};

}  // namespace socktap::test
