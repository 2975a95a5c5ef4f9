#include "machine_run.h"

#include <gtest/gtest.h>

#include "event/derived.h"
#include "language/language.h"
#include "vm/compile.h"

namespace socktap::test {

void MachineRun::Output::emit(const Record& record) {
  if (record.kind != RecordKind::output) text += "!";
  text += record.text;
}

MachineRun::MachineRun(const std::string& text) {
  const auto source = sources_.add("t.stp", text);
  const auto parsed = language::parse(sources_, source, {});
  EXPECT_TRUE(parsed.value) << text;
  auto checked = language::check(*parsed.value, {});
  EXPECT_TRUE(checked.value) << text;
  program_ = std::move(*checked.value);
  code_ = vm::compile(program_);
  machine_ = std::make_unique<vm::Machine>(code_, sources_, vm::Limits{}, output_);
}

int MachineRun::handle(const Event& event, const std::function<bool(std::uint32_t)>& skips) {
  int handlers = 0;
  for (std::uint32_t i = 0; i < program_.handlers.size(); ++i)
    for (const language::Point& point : program_.handlers[i].points) {
      const auto* tap = std::get_if<const tapset::ProbePoint*>(&point.trigger);
      if (tap == nullptr || (skips && skips(i)) ||
          !(*tap)->fires_for(operation_of(event), phase_of(event), path_of(event)) ||
          !concerns(**tap, event))
        continue;
      note(machine_->run(i, {&event, *tap, point.text, point.name}));
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
  if (error) output_.text += "error: " + error->message + "\n";
}

}  // namespace socktap::test
