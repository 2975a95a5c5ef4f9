// Construction, one handler's run, frames and errors.
#include "vm/interpreter.h"

#include <algorithm>
#include <bit>
#include <random>

#include "event/derived.h"
#include "vm/fault.h"

namespace socktap::vm {
namespace {

std::uint64_t random_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

// Makes room for `count` elements from `base` on, generously.
template <typename T>
void reserve_stack(std::vector<T>& stack, std::size_t base, std::size_t count) {
  if (stack.size() < base + count) stack.resize(std::max(base + count, stack.size() * 2));
}

}  // namespace

Interpreter::Interpreter(const Code& code, const SourceMap& sources, Limits limits, Host& host)
    : code_(code),
      sources_(sources),
      limits_(limits),
      max_text_(limits.max_text()),
      budget_{limits.max_action, Limits::visits_for(limits.max_action)},
      lifecycle_budget_{limits.max_action_lifecycle,
                        Limits::visits_for(limits.max_action_lifecycle)},
      host_(host),
      globals_(code, limits, random_number()) {
  for (const std::string& pattern : code.patterns) patterns_.emplace_back(pattern);
  for (const std::string& literal : code.literals) literals_.push_back(cut(literal, max_text_));
  for (const Routine& handler : code.handlers) make_room({&handler, 0, 0, 0, 0, 0});
  std::size_t longest = 0;
  for (const OperandList& list : code.lists) longest = std::max(longest, list.size());
  arguments_.resize(longest);
  slice_.resize(longest);
  // Those that are gone when they are asked for are known, too.
  if (std::ranges::any_of(code.library_sites, [](const LibrarySite& site) {
        return site.function == tapset::Function::cgroup_path;
      }))
    host_.cgroups();
}

std::optional<RuntimeError> Interpreter::run(std::uint32_t handler, const Occasion& occasion) {
  occasion_ = &occasion;
  left_ = occasion.lifecycle ? lifecycle_budget_ : budget_;
  const Routine& routine = code_.handlers[handler];
  frames_.resize(1);
  frames_.front() = {&routine, 0, 0, 0, 0, 0};  // its registers are there since construction
  clear_locals(routine);
  if (execute(routine.entry)) return std::nullopt;
  return uncaught();
}

std::optional<RuntimeError> Interpreter::uncaught() const {
  if (fault_.ending == Fault::Ending::abort) return std::nullopt;
  const FaultSite* site =
      fault_.callee ? &fault_.callee->declared : find_fault_site(code_, fault_at_);
  return RuntimeError{
      describe_fault(fault_.message, site, sources_),
      site != nullptr && site->span.source < sources_.size() ? place_of(*site, sources_) : Span{}};
}

void Interpreter::push_frame(const Routine& routine, std::uint32_t return_to,
                             std::uint32_t result) {
  const Frame& caller = frames_.back();
  const Frame frame{&routine,
                    return_to,
                    result,
                    caller.numbers + caller.routine->number_registers,
                    caller.texts + caller.routine->text_registers,
                    caller.iterations + caller.routine->iterators};
  make_room(frame);
  frames_.push_back(frame);
  clear_locals(routine);
}

void Interpreter::make_room(const Frame& frame) {
  reserve_stack(numbers_, frame.numbers, frame.routine->number_registers);
  reserve_stack(texts_, frame.texts, frame.routine->text_registers);
  reserve_stack(iterations_, frame.iterations, frame.routine->iterators);
}

// Of the frame that begins.
void Interpreter::clear_locals(const Routine& routine) {
  std::fill_n(numbers(), routine.number_locals, 0);
  std::for_each_n(texts(), routine.text_locals, [](Text& text) { text.borrow({}); });
}

bool Interpreter::call(const Instruction& instruction, std::uint32_t return_to) {
  if (static_cast<std::int64_t>(frames_.size()) > limits_.max_nesting) {
    fault("MAXNESTING exceeded");
    fault_.callee = &code_.functions[instruction.b];
    return false;
  }
  const Routine& callee = code_.functions[instruction.b];
  const OperandList& arguments = code_.lists[instruction.c];
  push_frame(callee, return_to, instruction.a);
  const Frame& caller = frames_[frames_.size() - 2];
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::uint32_t from = arguments[i].index;
    const std::uint32_t to = callee.parameters[i].index;
    if (arguments[i].kind == Operand::Kind::text) {
      texts()[to].assign(texts_[caller.texts + from]);
    } else {
      numbers()[to] = numbers_[caller.numbers + from];
    }
  }
  return true;
}

const tapset::Binding* Interpreter::binding_of(tapset::Variable variable) const {
  return occasion_->point == nullptr ? nullptr : occasion_->point->find(variable);
}

std::int64_t Interpreter::variable_number(tapset::Variable variable) const {
  const tapset::Binding* binding = binding_of(variable);
  return binding == nullptr ? 0 : number_from(binding->from, *occasion_->event);
}

void Interpreter::variable_text(tapset::Variable variable, Text& to) const {
  const tapset::Binding* binding = binding_of(variable);
  if (binding == nullptr) return to.borrow({});
  to.copy(cut(text_from(binding->from, *occasion_->point, *occasion_->event), max_text_));
}

bool Interpreter::fault(std::string message) {
  fault_ = {std::move(message)};
  return false;
}

bool Interpreter::overspent() {
  fault_ = {"MAXACTION exceeded", Fault::Ending::limit};
  return false;
}

bool Interpreter::charge_visits(std::size_t entries) {
  left_.visits -= static_cast<std::int64_t>(entries);
  return left_.visits >= 0 || overspent();
}

// Sorting looks at each entry as often as the number of entries can be halved.
bool Interpreter::charge_sort(std::size_t entries) {
  return charge_visits(entries * static_cast<std::size_t>(std::bit_width(entries)));
}

// The call that no overload took: others pass it on by their `next`, whose calls are said to be
// statements.
std::uint32_t Interpreter::declined_call() const {
  for (auto frame = frames_.rbegin(); frame + 1 != frames_.rend(); ++frame) {
    const FaultSite* site = find_fault_site(code_, frame->return_to - 1);
    if (site == nullptr || site->kind != FaultSite::Kind::statement) return frame->return_to - 1;
  }
  return frames_.back().return_to - 1;
}

std::optional<std::uint32_t> Interpreter::unwind(std::uint32_t at) {
  fault_at_ = code_.instructions[at].opcode == Opcode::raise ? declined_call() : at;
  if (fault_.ending != Fault::Ending::error) return std::nullopt;
  for (;;) {
    for (const TryRegion& region : code_.try_regions) {
      if (at >= region.begin && at < region.end) return region.handler;
    }
    if (frames_.size() == 1) return std::nullopt;
    at = frames_.back().return_to - 1;
    frames_.pop_back();
  }
}

std::span<const Argument> Interpreter::gather(std::uint32_t list) {
  const OperandList& operands = code_.lists[list];
  const std::int64_t* number_registers = numbers();
  const Text* text_registers = texts();
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (operands[i].kind == Operand::Kind::text) {
      arguments_[i].text = text_registers[operands[i].index].view();
    } else {
      arguments_[i].number = number_registers[operands[i].index];
    }
  }
  return {arguments_.data(), operands.size()};
}

Slice Interpreter::gather_slice(std::uint32_t list) {
  const OperandList& operands = code_.lists[list];
  const auto values = gather(list);
  for (std::size_t i = 0; i < operands.size(); ++i) {
    slice_[i].reset();
    if (operands[i].kind != Operand::Kind::any) slice_[i] = values[i];
  }
  return {slice_.data(), operands.size()};
}

}  // namespace socktap::vm
