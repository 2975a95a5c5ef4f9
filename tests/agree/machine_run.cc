#include "machine_run.h"

#include <gtest/gtest.h>

#include "event/derived.h"
#include "vm/compile.h"

namespace socktap::test {

void MachineRun::Output::emit(const Record& record) {
  if (record.kind != RecordKind::output) text += "!";
  text += record.text;
}

std::optional<CheckedScript> check_script(const std::string& text, SourceMap sources,
                                          const language::Invocation& invocation) {
  const std::vector<std::uint32_t> script{sources.add("t.stp", text)};
  auto compiled = language::compile(sources, script, invocation);
  if (!compiled.value) return std::nullopt;
  return CheckedScript{std::move(sources), std::move(*compiled.value)};
}

MachineRun::MachineRun(CheckedScript script)
    : script_(std::move(script)),
      code_(vm::compile(script_.program)),
      machine_(std::make_unique<vm::Machine>(code_, script_.sources, vm::Limits{}, output_)) {}

int MachineRun::handle(const Event& event, const std::function<bool(std::uint32_t)>& skips) {
  int handlers = 0;
  for (std::uint32_t i = 0; i < program().handlers.size(); ++i)
    for (const language::Point& point : program().handlers[i].points) {
      const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger);
      if (tap == nullptr || (skips && skips(i)) ||
          !(*tap)->fires_for(operation_of(event), phase_of(event), path_of(event)) ||
          !concerns(**tap, event))
        continue;
      note(machine_->run(i, {&event, *tap, point.text, point.name, realtime_offset}));
      ++handlers;
    }
  return handlers;
}

void MachineRun::run(std::uint32_t handler) {
  const Event event{};
  note(machine_->run(handler, {.event = &event, .lifecycle = true}));
}

void MachineRun::merge(const plan::Partials& partials) {
  for (const vm::RuntimeError& error : machine_->merge(partials)) note(error);
}

void MachineRun::note(const std::optional<vm::RuntimeError>& error) {
  failed_ = failed_ || error.has_value();
  if (error) output_.text += "error: " + error->message + "\n";
}

}  // namespace socktap::test
