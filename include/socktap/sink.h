/// @file
/// Where a run's output goes.
#pragma once

#include <cstdint>
#include <string_view>

#include "socktap/event_view.h"
#include "socktap/export.h"
#include "socktap/loss.h"
#include "socktap/result.h"

namespace socktap {

/// Takes what a run says, in the order in which it says it, on the thread that runs it.
///
/// Views are valid only during the call. A call that returns an Error ends the run, which then says
/// Ending::output_refused; so does one that throws, and Session::run() throws that on.
class SOCKTAP_API Sink {
 public:
  virtual ~Sink();

  /// What print(), printf() and log() make: any bytes, not by lines.
  virtual Result<void> output(std::string_view text) = 0;

  /// What warn() says, and what of the probe points is not seen or counted twice on this kernel: a
  /// line without its newline. Goes to standard error if it is not overridden.
  virtual Result<void> warning(std::string_view text);

  /// A run-time error of a script, as a line without its newline. Goes to standard error if it is
  /// not overridden.
  virtual Result<void> error(std::string_view text);

  /// What print_event() is called for. Nothing becomes of it if it is not overridden.
  virtual Result<void> event(const EventView& event);

  /// At the end, once for each kind of loss that there was. Goes to standard error if it is not
  /// overridden.
  virtual Result<void> lost(Loss kind, std::uint64_t count);

  /// What was taken so far reaches its destination before this returns. Called some times a second.
  virtual Result<void> flush();

 protected:
  Sink() = default;
  Sink(const Sink&) = default;             ///< What derives may be copied.
  Sink& operator=(const Sink&) = default;  ///< The same.
};

}  // namespace socktap
