#include "vm/machine.h"

#include "vm/interpreter.h"

namespace socktap::vm {

CgroupNames& Host::cgroups() {
  if (!cgroups_) cgroups_.emplace();
  return *cgroups_;
}

struct Machine::State {
  Interpreter interpreter;
};

Machine::Machine(const Code& code, const SourceMap& sources, Limits limits, Host& host)
    : state_(new State{{code, sources, limits, host}}) {}
Machine::~Machine() = default;

std::optional<RuntimeError> Machine::run(std::uint32_t handler, const Occasion& occasion) {
  return state_->interpreter.run(handler, occasion);
}

bool Machine::exit_requested() const { return state_->interpreter.exit_requested(); }

std::vector<RuntimeError> Machine::merge(const plan::Partials& partials) {
  return state_->interpreter.merge(partials);
}

plan::SettledValues Machine::settled(const plan::Tables& tables) const {
  return state_->interpreter.settled(tables);
}

void Machine::print_unread_globals() { state_->interpreter.print_unread_globals(); }

}  // namespace socktap::vm
