#include "vm/code_builder.h"

#include <algorithm>
#include <utility>

namespace socktap::vm {
namespace {

// The operand that holds an instruction's jump target.
std::uint32_t& target_of(Instruction& instruction) {
  const std::string_view operands = operands_of(instruction.opcode);
  switch (operands.find('j')) {
    case 0:
      return instruction.a;
    case 1:
      return instruction.b;
    default:
      return instruction.c;
  }
}

}  // namespace

CodeBuilder::CodeBuilder(Code& code, Routine& routine, const std::vector<language::Local>& locals)
    : code_(code), routine_(routine) {
  std::vector<std::string> text_names;
  for (const language::Local& local : locals) {
    if (local.type == Type::string) {
      locals_.push_back({Operand::Kind::text, routine_.text_locals++});
      text_names.push_back(local.name);
    } else {
      locals_.push_back({Operand::Kind::number, routine_.number_locals++});
      routine_.names.push_back(local.name);
    }
  }
  std::move(text_names.begin(), text_names.end(), std::back_inserter(routine_.names));
  routine_.number_registers = numbers_ = routine_.number_locals;
  routine_.text_registers = texts_ = routine_.text_locals;
  routine_.entry = here();
}

bool CodeBuilder::is_local(Operand operand) const {
  return operand.index <
         (operand.kind == Operand::Kind::text ? routine_.text_locals : routine_.number_locals);
}

CodeBuilder::Register CodeBuilder::number_temporary() {
  routine_.number_registers = std::max(routine_.number_registers, numbers_ + 1);
  return numbers_++;
}

CodeBuilder::Register CodeBuilder::text_temporary() {
  routine_.text_registers = std::max(routine_.text_registers, texts_ + 1);
  return texts_++;
}

Operand CodeBuilder::temporary(Type type) {
  if (type == Type::string) return {Operand::Kind::text, text_temporary()};
  return {Operand::Kind::number, number_temporary()};
}

void CodeBuilder::emit(Opcode opcode, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  code_.instructions.push_back({opcode, a, b, c});
}

void CodeBuilder::load_number(Register to, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  emit(Opcode::load_number, to, static_cast<std::uint32_t>(bits),
       static_cast<std::uint32_t>(bits >> 32));
}

void CodeBuilder::load_text(Register to, std::string text) {
  emit(Opcode::load_text, to, literal(std::move(text)));
}

void CodeBuilder::move(Operand to, Operand from) {
  if (to.index == from.index) return;
  emit(to.kind == Operand::Kind::text ? Opcode::move_text : Opcode::move_number, to.index,
       from.index);
}

void CodeBuilder::fault_site(FaultSite::Kind kind, std::string_view token, Span span) {
  code_.fault_sites.push_back({here(), kind, std::string(token), span});
}

void CodeBuilder::refer(Label& label) {
  if (label.at_ != Label::unbound) {
    target_of(code_.instructions.back()) = label.at_;
  } else {
    label.jumps_.push_back(here() - 1);
  }
}

void CodeBuilder::jump(Label& to) {
  emit(Opcode::jump);
  refer(to);
}

void CodeBuilder::branch(Opcode opcode, std::uint32_t a, Label& to) {
  emit(opcode, a);
  refer(to);
}

void CodeBuilder::branch(Opcode opcode, std::uint32_t a, std::uint32_t b, Label& to) {
  emit(opcode, a, b);
  refer(to);
}

void CodeBuilder::bind(Label& label) {
  label.at_ = here();
  for (const std::uint32_t jump : label.jumps_) target_of(code_.instructions[jump]) = label.at_;
  label.jumps_.clear();
}

void CodeBuilder::count_action(Span at) {
  constexpr std::uint32_t most_pending = 10;
  if (++pending_actions_ >= most_pending) charge_actions(at);
}

void CodeBuilder::charge_actions(Span at) {
  if (pending_actions_ == 0) return;
  fault_site(FaultSite::Kind::statement, {}, at);
  emit(Opcode::step, std::exchange(pending_actions_, 0));
}

std::uint32_t CodeBuilder::literal(std::string text) {
  code_.literals.push_back(std::move(text));
  return static_cast<std::uint32_t>(code_.literals.size() - 1);
}

std::uint32_t CodeBuilder::list(OperandList operands) {
  code_.lists.push_back(std::move(operands));
  return static_cast<std::uint32_t>(code_.lists.size() - 1);
}

}  // namespace socktap::vm
