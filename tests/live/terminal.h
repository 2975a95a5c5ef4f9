// A program on a terminal of its own: what it shows there, and keys pressed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace socktap::test {

class Terminal {
 public:
  explicit Terminal(const std::vector<std::string>& words);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();  // kills what still runs

  // Waits until `text` stands on the screen; false when the program ends or the time is over first.
  bool shows(const std::string& text, std::chrono::milliseconds within = std::chrono::seconds(20));

  void press_ctrl_c();  // the signal goes to every process in the foreground

  // The exit status, 128 + signal, or -1 if it did not end in time.
  int wait(std::chrono::milliseconds within = std::chrono::seconds(30));

  // All that was shown so far, lines ending in \n only.
  const std::string& screen() const { return screen_; }

 private:
  bool read_more(std::chrono::milliseconds within);  // false at the end

  pid_t pid_ = -1;
  UniqueFd master_;
  std::string screen_;
};

}  // namespace socktap::test
