// The command of -c: started, but held before its first instruction until everything observes it.
#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/pidfd.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace socktap::session {

class TargetProcess {
 public:
  // Starts `command` held. It is split into words as a shell does; with shell syntax it goes
  // through sh -c 'exec ...', so that its pid is the command's own. `user`: run as that user.
  static Result<TargetProcess> start(const std::string& command,
                                     const std::optional<std::string>& user);
  static Result<TargetProcess> start(std::vector<std::string> words,
                                     const std::optional<std::string>& user);

  TargetProcess(TargetProcess&&) = default;
  TargetProcess& operator=(TargetProcess&&) = delete;
  // A command that was never let go is killed; one that runs is left alone.
  ~TargetProcess();

  pid_t pid() const { return process_.number(); }

  // Lets the command run, with the filter for its system calls, if there is one. The error is that
  // of execvp: "cannot run nosuch: No such file ...".
  Result<void> let_go(std::span<const sock_filter> filter = {});

  // Without waiting.
  bool has_ended();
  // The wait status of one that has ended; none where somebody else in this program was told of it:
  // who waits for any child, or ignores SIGCHLD.
  std::optional<int> status() const { return status_; }

 private:
  TargetProcess(Pidfd process, UniqueFd gate, UniqueFd report, std::string name);
  void take_end(int options);

  Pidfd process_;
  UniqueFd gate_;    // what is written here lets the child go
  UniqueFd report_;  // execvp's errno comes back here; closed by a successful exec
  bool has_ended_ = false;
  std::optional<int> status_;
  std::string name_;
};

// The words of a command line: blanks separate, quotes and backslashes as in sh. nullopt when it
// uses more of the shell than that (pipes, redirections, variables, globs, an open quote).
std::optional<std::vector<std::string>> split_words(const std::string& command);

}  // namespace socktap::session
