// From an event to the handlers that it fires, in script order.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "event/event.h"
#include "plan/plan.h"

namespace socktap::session {

// One handler at one of its points.
struct Firing {
  std::uint32_t handler = 0;                  // index into TypedProgram::handlers
  const tapset::ProbePoint* point = nullptr;  // null for begin, end, error and timers
  std::string_view text;                      // what pp() says; a view into the program
  std::string_view name;                      // what pn() says
  bool in_kernel = false;                     // done for events that are marked as kept
};

class Dispatch {
 public:
  // The plan's program must outlive it.
  explicit Dispatch(const plan::Plan& plan);

  std::span<const Firing> firings(const Event& event) const {
    if (operation_of(event) == tapset::Operation::call)
      return of_calls_[call_slot(event.call_form, phase_of(event))];
    return of_events_[slot(operation_of(event), phase_of(event), path_of(event))];
  }

  // Sorted by their order numbers, script order among equals.
  const std::vector<Firing>& begins() const { return begins_; }
  const std::vector<Firing>& ends() const { return ends_; }
  const std::vector<Firing>& errors() const { return errors_; }

 private:
  static constexpr std::size_t operations = tapset::operation_count, phases = 2, paths = 7;
  static std::size_t slot(tapset::Operation operation, tapset::Phase phase, tapset::Path path) {
    return (static_cast<std::size_t>(operation) * phases + static_cast<std::size_t>(phase)) *
               paths +
           static_cast<std::size_t>(path);
  }

  static std::size_t call_slot(std::size_t form, tapset::Phase phase) {
    return form * phases + static_cast<std::size_t>(phase);
  }

  void add_tap(const Firing& firing);
  void add_call(const Firing& firing);

  std::array<std::vector<Firing>, operations * phases * paths> of_events_;
  // By form, as events say it, and phase.
  std::vector<std::vector<Firing>> of_calls_;
  std::vector<Firing> begins_, ends_, errors_;
};

}  // namespace socktap::session
