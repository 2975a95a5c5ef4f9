// Writes one routine's instructions into a Code: registers, labels, places of faults.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vm/code.h"

namespace socktap::vm {

class CodeBuilder {
 public:
  using Register = std::uint32_t;

  CodeBuilder(Code& code, Routine& routine, const std::vector<language::Local>& locals);
  CodeBuilder(const CodeBuilder&) = delete;
  CodeBuilder& operator=(const CodeBuilder&) = delete;

  Code& code() { return code_; }
  Routine& routine() { return routine_; }

  // Locals: the register of a program's local, in its type's file.
  Operand local(std::uint32_t index) const { return locals_[index]; }
  bool is_local(Operand operand) const;

  // Temporaries live until the mark that was taken before them is released.
  struct Mark {
    std::uint32_t numbers, texts;
  };
  Mark mark() const { return {numbers_, texts_}; }
  void release(Mark mark) { numbers_ = mark.numbers, texts_ = mark.texts; }
  Register number_temporary();
  Register text_temporary();
  Operand temporary(Type type);

  // Instructions.
  std::uint32_t here() const { return static_cast<std::uint32_t>(code_.instructions.size()); }
  void emit(Opcode opcode, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0);
  void load_number(Register to, std::int64_t value);
  void load_text(Register to, std::string text);
  void move(Operand to, Operand from);

  // The next instruction can fail; this is what its error points at.
  void fault_site(FaultSite::Kind kind, std::string_view token, Span span);

  // Labels are jumped to before or after they are bound.
  class Label {
    friend class CodeBuilder;
    std::uint32_t at_ = unbound;
    std::vector<std::uint32_t> jumps_;
    static constexpr std::uint32_t unbound = 0xffff'ffff;
  };
  void jump(Label& to);
  // A jump with the target in operand 'b' or 'c'; the other operands are as given.
  void branch(Opcode opcode, std::uint32_t a, Label& to);
  void branch(Opcode opcode, std::uint32_t a, std::uint32_t b, Label& to);
  void bind(Label& label);

  // The action budget: statements are counted as they are compiled and charged at once where
  // control flow divides, or where there are ten. What is over then is said to be over near `at`.
  void count_action(Span at);
  void charge_actions(Span at);

  // Side tables.
  std::uint32_t literal(std::string text);
  std::uint32_t list(OperandList operands);

 private:
  void refer(Label& label);

  Code& code_;
  Routine& routine_;
  std::vector<Operand> locals_;
  std::uint32_t numbers_ = 0;
  std::uint32_t texts_ = 0;
  std::uint32_t pending_actions_ = 0;
};

}  // namespace socktap::vm
