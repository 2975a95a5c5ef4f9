// Follows processes from stop to stop. It runs in a process of its own, so that who reads the
// events may end, or be ended, without harm to who is traced: they are let go then, or, where their
// filter needs somebody to answer, waved through.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "sources/ptrace/call_events.h"
#include "sources/ptrace/tracee.h"

namespace socktap::sources::ptrace {

class Tracer {
 public:
  // `stopped` becomes true when nobody wants events any more, which a signal to the tracer's thread
  // makes it see. All are borrowed.
  Tracer(CallEvents& events, Sockets& sockets, const std::atomic<bool>& stopped)
      : events_(events), sockets_(sockets), stopped_(stopped) {}

  // `held`: the command of the run. `filtered`: before it begins it installs a filter for its
  // calls.
  Result<void> follow_command(pid_t held, bool filtered);
  // All threads of a process that runs. Its descendants are followed, too.
  Result<void> follow(pid_t process);

  // Until nobody is left that has to be followed.
  void run();

 private:
  struct Tracee : Thread {
    bool in_call = false;  // of an unfiltered one: the next stop at a call is its end
    bool waits = false;    // for its maker's word on who it is
  };

  void add(pid_t thread, std::shared_ptr<Process> process, bool filtered);
  Result<void> follow_threads(const std::shared_ptr<Process>& process, std::vector<pid_t>& found);
  void take(pid_t thread, int status);
  void stopped_at(Tracee& tracee, int status);
  void at_event(Tracee& tracee, int event, int signal);
  void at_call(Tracee& tracee);
  void belongs_to(Tracee& tracee, std::shared_ptr<Process> process);
  void made(Tracee& parent, int event);
  void began(Tracee& child, const Tracee& parent);
  void adopt_orphans(bool filtered);
  void replaced_program(Tracee& tracee);
  void ends(Tracee& tracee);
  void ask_another(const Tracee& leaving);
  void forget(pid_t thread);
  void go_on(Tracee& tracee, int signal = 0);
  void let_go_of_unfiltered();

  CallEvents& events_;
  Sockets& sockets_;
  const std::atomic<bool>& stopped_;
  std::unordered_map<pid_t, Tracee> tracees_;
  std::unordered_map<pid_t, int> living_;  // threads, by process
  bool letting_go_ = false;
};

}  // namespace socktap::sources::ptrace
