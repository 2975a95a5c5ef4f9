// A script in the machine: wholly, which is its meaning, or without the handlers that another
// engine has run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/source_map.h"
#include "language/typed_program.h"
#include "plan/partial.h"
#include "vm/code.h"
#include "vm/machine.h"

namespace socktap::test {

inline constexpr std::int64_t target_process =
    127;  // a number that random events have now and then

class MachineRun {
 public:
  explicit MachineRun(const std::string& text);  // a script that is right

  const language::TypedProgram& program() const { return program_; }

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

 private:
  struct Output : vm::Host {
    void emit(const Record& record) override;
    std::int64_t target() const override { return target_process; }
    bool is_target_or_descendant(std::int64_t) const override { return false; }
    std::string text;
  };
  void note(const std::optional<vm::RuntimeError>& error);

  SourceMap sources_;
  language::TypedProgram program_;
  vm::Code code_;
  Output output_;
  std::unique_ptr<vm::Machine> machine_;
};

}  // namespace socktap::test
