// Follows processes from stop to stop. It runs in a process of its own, so that who reads the
// events may end, or be ended, without harm to who is traced: they are let go then, or, where their
// filter needs somebody to answer, waved through until they end.
#pragma once

#include <sys/types.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "sources/ptrace/call_events.h"
#include "sources/ptrace/cpu_follower.h"
#include "sources/ptrace/end_of_run.h"
#include "sources/ptrace/tracee.h"

namespace socktap::sources::ptrace {

class Tracer {
 public:
  // All are borrowed.
  Tracer(CallEvents& events, Sockets& sockets, EndOfRun& end)
      : events_(events), sockets_(sockets), end_(end) {}

  // `held`: the command of the run. `filtered`: before it begins it installs a filter for its
  // calls.
  Result<void> follow_command(pid_t held, bool filtered);
  // All threads of a process that runs. Its descendants are followed, too.
  Result<void> follow(pid_t process);

  // Until nobody is left, or nobody who needs an answer when the run has ended. Who is still traced
  // then goes on untraced as soon as this process is gone.
  void run();

 private:
  struct Tracee : Thread {
    bool in_call = false;           // whose end is to be told
    std::uint64_t waits_since = 0;  // for its maker's word on who it is, ns; 0: it does not
  };

  std::shared_ptr<DescriptorTable> new_table() const;
  void add(pid_t thread, std::shared_ptr<Process> process, bool filtered);
  void belongs_to(Tracee& tracee, std::shared_ptr<Process> process);
  Result<void> follow_threads(const std::shared_ptr<Process>& process, std::vector<pid_t>& found);

  void take(pid_t thread, int status);
  void stopped_at(Tracee& tracee, int status);
  void at_event(Tracee& tracee, int event, int signal);
  void at_call(Tracee& tracee);
  void go_on(Tracee& tracee, int signal = 0);

  void made(Tracee& maker);
  void tell_of(Tracee& child, const Tracee& maker, bool is_thread);
  void stop_waiting(Tracee& child);
  void adopt_those_who_waited();
  void adopt(Tracee& child);
  void replaced_program(Tracee& tracee);
  void concludes_killed(Tracee& tracee);
  void ends(Tracee& tracee);
  void ask_another(const Process* process, pid_t leaving);
  void forget(pid_t thread);

  CallEvents& events_;
  Sockets& sockets_;
  EndOfRun& end_;
  CpuFollower cpu_;
  std::unordered_map<pid_t, Tracee> tracees_;
  std::unordered_map<pid_t, int> living_;  // threads, by process
  int waiting_ = 0;                        // tracees that wait
  bool any_filtered_ = false;
  bool waving_through_ = false;
};

}  // namespace socktap::sources::ptrace
