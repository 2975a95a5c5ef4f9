// Executes a compiled program, one event at a time. It owns the program's globals; time, task and
// event come in with each call, output goes out through the Host.
//
// Some library functions look at the world as it is when the handler runs, past the Host: /proc
// (cmdline_str, env_var, pexecname, task_*, ...), process groups and sessions, our own pid, the
// time zone, random numbers, and the kernel's trace marker that ftrace() writes. A recording
// cannot answer those as they were; their help says that they are read when the handler runs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cgroups.h"
#include "event/event.h"
#include "event/record.h"
#include "language/typed_program.h"
#include "plan/partial.h"
#include "plan/tables.h"
#include "vm/code.h"
#include "vm/limits.h"

namespace socktap::vm {

// What the machine needs of its surroundings. Implemented by the session.
class Host {
 public:
  virtual ~Host() = default;
  virtual void emit(const Record& record) = 0;  // output, in order; must not throw
  virtual std::int64_t target() const = 0;      // pid of -c or -x, else 0
  virtual bool is_target_or_descendant(std::int64_t pid) const = 0;  // target_set_pid()
  virtual CgroupNames& cgroups();  // those that were there when first asked for, and later ones

 private:
  std::optional<CgroupNames> cgroups_;
};

// The moment and the task a handler runs for. For begin, end, error and timers `event` describes
// socktap itself at the moment the handler was due, and `point` is null.
struct Occasion {
  const Event* event = nullptr;
  const tapset::ProbePoint* point = nullptr;
  std::string_view point_text;       // pp()
  std::string_view point_name;       // pn()
  std::int64_t realtime_offset = 0;  // what to add to event->time for ns since 1970
  bool lifecycle = false;            // begin, end, error: the larger action budget

  std::int64_t realtime() const {  // ns since 1970; wraps
    return static_cast<std::int64_t>(event->time + static_cast<std::uint64_t>(realtime_offset));
  }
};

// A run-time error that no try caught.
struct RuntimeError {
  std::string message;  // "division by 0 near operator '/' at a.stp:3:14"
  Span span;
};

class Machine {
 public:
  // `code` must outlive the machine.
  Machine(const Code& code, const SourceMap& sources, Limits limits, Host& host);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Runs one handler (an index into TypedProgram::handlers) to its end. The error, if any, is also
  // counted; what it means for the run is the session's to decide.
  std::optional<RuntimeError> run(std::uint32_t handler, const Occasion& occasion);

  // True once exit() was called. Handlers run afterwards only if the session says so.
  bool exit_requested() const;

  // Adds what was kept of the globals where events arise. An array that has no room for all of it
  // is an error, as it would have been in a handler.
  std::vector<RuntimeError> merge(const plan::Partials& partials);

  // What the settled globals are, which the plan was made to look at elsewhere.
  plan::SettledValues settled(const plan::Tables& tables) const;

  // Prints the globals that are written and never read, as SystemTap does at the end of a run.
  void print_unread_globals();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace socktap::vm
