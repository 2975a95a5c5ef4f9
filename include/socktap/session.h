/// @file
/// Runs scripts and handlers over what happens on sockets.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socktap/event_view.h"
#include "socktap/export.h"
#include "socktap/loss.h"
#include "socktap/result.h"
#include "socktap/sink.h"

namespace socktap {

/// What a session observes and how. By default: everything on the machine but this process, by
/// eBPF, until stop().
struct Options {
  /// A command and its arguments: observed from its first system call on, with whom it starts; the
  /// run ends when it does.
  std::vector<std::string> command{};
  /// This process, and whom it starts from now on; 0: no one process. Not with a command. The run
  /// goes on when it ends.
  pid_t process = 0;
  /// A recording of `socktap record`: its events, in its own time, instead of what happens now.
  std::string recording{};
  /// Events of this process, too. A handler that itself makes events has no end.
  bool with_self = false;
  /// The run ends after so long, and when what has happened by then is handled; 0: it does not.
  std::chrono::nanoseconds duration{0};

  /// "auto", "ebpf", "tracepoint", "fentry", "kprobe", "syscall" or "ptrace", as --backend. Auto is
  /// eBPF, and ptrace where that is refused and there is a command or a process.
  std::string backend = "auto";
  /// Bytes of the event buffer of each CPU, 4095 MiB at most; 0: the usual.
  std::size_t buffer_bytes = 0;

  /// What scripts know as $1, @1 and so on.
  std::vector<std::string> arguments{};
  /// Values of scripts' globals, as -G.
  std::map<std::string, std::string> globals{};
  /// "NAME=VALUE", as -D: "MAXMAPENTRIES=100000".
  std::vector<std::string> limits{};
};

/// What a handler is called for.
struct Subscription {
  /// As after `probe`: "socket.send", "socket.*.return, socket.close", "timer.s(1)".
  std::string points{};
  /// An expression of the language over the point's variables and those of scripts: "size > 1000
  /// && family == 2". It is tested in the kernel where that can be. A variable that nobody sets is
  /// a mistake here. Empty: always.
  std::string condition{};
  /// The variables that the handler reads, besides those of time, CPU and task, which are always
  /// there; the fewer, the cheaper an event is. None: all that the points have.
  std::vector<std::string> variables{};
};

/// Called on the thread that runs the session, for one event after the other. One that throws ends
/// the run, and Session::run() throws that on.
using Handler = std::function<void(const EventView&)>;

/// What ended a run.
enum class Ending : std::uint8_t {
  recording_finished,  ///< the recording was read to its end
  exit_called,         ///< exit() in a script
  stopped,             ///< Session::stop()
  timed_out,           ///< Options::duration
  command_ended,       ///< Options::command
  script_failed,       ///< more run-time errors than allowed
  output_refused,      ///< by the sink, or a handler threw
};

/// How well a path is seen.
enum class Visibility : std::uint8_t {
  exactly_once,  ///< tried before the run began, and seen once each time
  twice,         ///< counted more than once
  blind,         ///< not seen
  not_verified,  ///< observed, but could not be tried here
};

/// One way in which what the script asks for can happen.
struct PathSeen {
  std::string path;                                  ///< "send by writev (conclusion)"
  std::string strategy;                              ///< what sees it; empty: nothing does
  Visibility visibility = Visibility::not_verified;  ///< How well.
};

/// What came of a run.
struct Summary {
  Ending ending = Ending::stopped;  ///< What ended it.
  /// What the sink refused with, if it did.
  std::optional<Error> refusal{};
  /// Seen: delivered, or handled in the kernel. Those that the kernel left out by a condition are
  /// not among them; those that were left out later are.
  std::uint64_t events = 0;
  /// How often handlers of scripts and subscriptions ran for events, outside the kernel.
  std::uint64_t handlers_run = 0;
  std::uint64_t errors = 0;  ///< Run-time errors of scripts.
  /// How much was lost, by Loss.
  std::array<std::uint64_t, loss_kinds> losses{};
  std::string source{};               ///< What observed: "raw tracepoints", "ptrace".
  std::string reason{};               ///< Why not by eBPF; empty: it was, or another was asked for.
  std::vector<std::string> limits{};  ///< What cannot be seen or told apart here, a sentence each.
  std::vector<PathSeen> paths{};      ///< What was asked for, and how it was seen.
  /// Process id of the command, which goes on if something else ended the run; 0: there was none.
  /// It is a child of this process.
  pid_t command = 0;
  /// Of the command, as waitpid() tells it; nothing if the run ended before it, or somebody else
  /// has waited for it.
  std::optional<int> command_status{};

  /// How much was lost of one kind.
  std::uint64_t lost(Loss kind) const { return losses[static_cast<std::size_t>(kind)]; }
};

/// Scripts and handlers that run together.
///
/// A script is text in SystemTap's language; a handler is a function of yours. Both may be added,
/// in any number, before run(); a handler's condition may use the globals and functions of scripts
/// that were added before it.
///
/// One thread at a time uses a session; stop() alone may be called from everywhere. Handlers and
/// sinks, which run() calls, may call nothing else of it. Sessions do not know each other.
/// Observing by eBPF takes root, or CAP_BPF and CAP_PERFMON.
///
/// ~~~{.cpp}
/// socktap::Session session({.command = {"curl", "-s", "http://127.0.0.1/"}});
/// auto added = session.on("socket.send", [](const socktap::EventView& event) {
///   std::cout << event.execname() << " sent " << event.size() << " bytes\n";
/// });
/// if (!added) return fail(added.error());
/// auto summary = session.run();
/// if (!summary) return fail(summary.error());
/// ~~~
class SOCKTAP_API Session {
 public:
  /// Nothing is observed before run().
  explicit Session(Options options = {});
  Session(Session&& other) noexcept;             ///< `other` can only be destroyed then.
  Session& operator=(Session&& other) noexcept;  ///< `other` can only be destroyed then.
  ~Session();

  /// Adds a script. `name` is what diagnostics call it. Fails if it has mistakes, which the error's
  /// message shows; the session is as it was then.
  [[nodiscard]] Result<void> add_script(std::string text, std::string name = "<script>");

  /// Has the handler called for what the subscription says. Fails if that has mistakes; the session
  /// is as it was then.
  [[nodiscard]] Result<void> on(const Subscription& subscription, Handler handler);

  /// The same for all events at these probe points, with all variables.
  [[nodiscard]] Result<void> on(const char* points, Handler handler) {
    return on(Subscription{.points = points}, std::move(handler));
  }

  /// What the compiler warns of in all that was added, as text.
  const std::vector<std::string>& warnings() const;

  /// Where the output of scripts goes. Borrowed until the last run ends; without, to standard
  /// output and standard error.
  void write_to(Sink& sink);

  /// Observes, and returns when something ends the run. Fails where nothing that is asked for can
  /// be observed, where the command cannot run, or where observing breaks; what a sink refuses and
  /// what scripts do wrong is in the summary instead.
  [[nodiscard]] Result<Summary> run();

  /// Ends the run, or the next one if there is none: what has happened by then is still handled.
  /// Safe in signal handlers and from other threads.
  void stop() noexcept;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// The version of the library that runs: "0.1.0".
SOCKTAP_API std::string_view version();

}  // namespace socktap
