// A script in the machine: wholly, which is its meaning, or without the handlers that another
// engine has run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/source_map.h"
#include "language/language.h"
#include "language/typed_program.h"
#include "plan/partial.h"
#include "vm/code.h"
#include "vm/machine.h"

namespace socktap::test {

inline constexpr std::int64_t target_process =
    127;  // a number that random events have now and then

// A script that is right, with the texts that it is made of.
struct CheckedScript {
  SourceMap sources;
  language::TypedProgram program;
};

// `sources` has what the invocation names. nullopt: the script is not right.
std::optional<CheckedScript> check_script(const std::string& text, SourceMap sources = {},
                                          const language::Invocation& invocation = {});

// To be added to the times of events.
inline constexpr std::int64_t realtime_offset = 1'700'000'000'123'456'789;

class MachineRun {
 public:
  explicit MachineRun(CheckedScript script);

  const language::TypedProgram& program() const { return script_.program; }

  // Runs the handlers that the event fires, those for which `skips` says so left out. How many.
  int handle(const Event& event, const std::function<bool(std::uint32_t)>& skips = {});
  // Those without an event: begin, end, timers.
  void run(std::uint32_t handler);
  void merge(const plan::Partials& partials);
  plan::SettledValues settled(const plan::Tables& tables) const {
    return machine_->settled(tables);
  }

  // What was printed, errors and all, since the last call.
  std::string take_output() { return std::exchange(output_.text, {}); }
  bool failed() const { return failed_; }  // some handler did, or a merge

 private:
  struct Output : vm::Host {
    void emit(const Record& record) override;
    std::int64_t target() const override { return target_process; }
    bool is_target_or_descendant(std::int64_t) const override { return false; }
    std::string text;
  };
  void note(const std::optional<vm::RuntimeError>& error);

  CheckedScript script_;
  vm::Code code_;
  Output output_;
  std::unique_ptr<vm::Machine> machine_;
  bool failed_ = false;
};

}  // namespace socktap::test
