// A program of symbolic labels and maps, and the builder that writes one.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/source_map.h"
#include "ebpf/instruction.h"

namespace socktap::ebpf {

struct Line {
  Instruction instruction;
  std::string note;  // what it is for, in one line of text; may be empty
  Span span;         // of the script, that it was compiled from

  bool operator==(const Line&) const = default;
};

// A label stands before the line `at`, or at the program's end.
struct Binding {
  Label label;
  std::uint32_t at;

  bool operator==(const Binding&) const = default;
};

struct Program {
  std::vector<Line> lines;
  std::vector<Binding> bindings;  // ascending by `at`

  bool operator==(const Program&) const = default;
};

// Appends to a program. Labels may be jumped to before or after they are bound; that each is bound
// once is for marshal() to say. What cannot be reached is left out, as kernels refuse it: what
// follows a jump or an exit up to a label that was jumped to.
class Builder {
 public:
  Label new_label() {
    is_target_.push_back(false);
    return Label{static_cast<std::uint32_t>(is_target_.size()) - 1};
  }

  void bind(Label label) {
    program_.bindings.push_back({label, here()});
    is_reached_ = is_reached_ || is_target_[label.number];
  }

  void emit(const Instruction& instruction) {
    std::string note = std::exchange(note_, {});
    if (!is_reached_) return;
    if (const auto* branch = std::get_if<JumpIf>(&instruction))
      is_target_[branch->target.number] = true;
    const auto* jump = std::get_if<Jump>(&instruction);
    if (jump != nullptr) is_target_[jump->target.number] = true;
    is_reached_ = jump == nullptr && !std::holds_alternative<Exit>(instruction);
    program_.lines.push_back({instruction, std::move(note), span_});
  }

  // Goes with the instruction that is emitted next; several of them are joined.
  void note(std::string_view text) {
    if (!note_.empty()) note_ += ", ";
    note_ += text;
  }

  // Where all that follows comes from.
  void from(Span span) { span_ = span; }

  std::uint32_t here() const { return static_cast<std::uint32_t>(program_.lines.size()); }

  // The program; the builder must not be used afterwards.
  Program finish() { return std::move(program_); }

 private:
  Program program_;
  std::string note_;
  Span span_;
  std::vector<bool> is_target_;  // by label
  bool is_reached_ = true;       // the next instruction
};

}  // namespace socktap::ebpf
