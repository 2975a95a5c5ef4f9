#include "vm/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace socktap::vm {
namespace {

class Verifier {
 public:
  explicit Verifier(const Code& code) : code_(code) {
    for (const auto* routines : {&code.functions, &code.handlers}) {
      for (const Routine& routine : *routines) routines_.push_back(&routine);
    }
    std::sort(routines_.begin(), routines_.end(),
              [](const Routine* a, const Routine* b) { return a->entry < b->entry; });
  }

  std::vector<std::string> run() {
    for (std::size_t i = 0; i < routines_.size(); ++i) {
      routine_ = routines_[i];
      end_ = i + 1 < routines_.size() ? routines_[i + 1]->entry
                                      : static_cast<std::uint32_t>(code_.instructions.size());
      for (at_ = routine_->entry; at_ < end_; ++at_) instruction(code_.instructions[at_]);
    }
    return std::move(complaints_);
  }

 private:
  void instruction(const Instruction& instruction) {
    const std::string_view letters = operands_of(instruction.opcode);
    const std::uint32_t operands[] = {instruction.a, instruction.b, instruction.c};
    for (std::size_t i = 0; i < letters.size(); ++i) operand(letters[i], operands[i]);
  }

  void operand(char letter, std::uint32_t value) {
    switch (letter) {
      case 'N':
      case 'n':
      case 'M':
        return below(value, routine_->number_registers, "number register");
      case 'T':
      case 't':
        return below(value, routine_->text_registers, "text register");
      case 'r':
        return below(value, routine_->iterators, "iterator");
      case 'j':
        if (value < routine_->entry || value >= end_) complain("jump out of its routine");
        return;
      case 'l':
        return below(value, code_.literals.size(), "literal");
      case 'p':
        return below(value, code_.patterns.size(), "pattern");
      case 'k':
        return list(value);
      case 'f':
        return below(value, code_.functions.size(), "function");
      case 'o':
        return below(value, sizeof(Event), "offset");
      default:
        return site(letter, value);
    }
  }

  void site(char letter, std::uint32_t index) {
    switch (letter) {
      case 'L':
        return list(code_.library_sites.at(index).arguments);
      case 'E':
        return place(code_.extract_sites.at(index).place);
      case 'H':
        below(code_.bucket_sites.at(index).index, routine_->number_registers, "bucket's index");
        return place(code_.bucket_sites.at(index).place);
      case 'P':
        return print(code_.print_sites.at(index));
      case 'F':
        return foreach (code_.foreach_sites.at(index));
      case 'G':
      case 'X':
      case 'S':
      case 'A':
        return below(index, code_.globals.size(), "global");
      default:
        return;
    }
  }

  void print(const PrintSite& site) {
    if (site.format) {
      list(site.arguments);
      if (code_.lists.at(site.arguments).size() != site.format->arguments().size()) {
        complain("wrong number of arguments for its format");
      }
    }
    for (const PrintPiece& piece : site.pieces) {
      switch (piece.kind) {
        case PrintPiece::Kind::number:
          below(piece.index, routine_->number_registers, "printed number");
          break;
        case PrintPiece::Kind::text:
          below(piece.index, routine_->text_registers, "printed text");
          break;
        case PrintPiece::Kind::literal:
          below(piece.index, code_.literals.size(), "literal");
          break;
        case PrintPiece::Kind::histogram:
          place(piece.histogram);
      }
    }
  }

  void foreach (const ForeachSite& site) {
    for (const Operand key : site.keys) register_of(key);
    if (site.value) register_of(*site.value);
    if (site.slice) list(*site.slice);
    if (site.limit) below(*site.limit, routine_->number_registers, "limit");
    if (site.histogram) place(*site.histogram);
  }

  void place(const StatisticPlace& place) {
    if (place.element) list(place.keys);
  }

  void list(std::uint32_t index) {
    below(index, code_.lists.size(), "list");
    for (const Operand operand : code_.lists.at(index)) register_of(operand);
  }

  void register_of(Operand operand) {
    if (operand.kind == Operand::Kind::number) {
      below(operand.index, routine_->number_registers, "number register");
    } else if (operand.kind == Operand::Kind::text) {
      below(operand.index, routine_->text_registers, "text register");
    }
  }

  void below(std::size_t value, std::size_t end, std::string_view what) {
    if (value >= end) complain(fmt::format("{} {} of {}", what, value, end));
  }

  void complain(std::string_view what) {
    complaints_.push_back(fmt::format(
        "{} {} in {}: {}", at_, name_of(code_.instructions[at_].opcode), routine_->name, what));
  }

  const Code& code_;
  std::vector<const Routine*> routines_;
  const Routine* routine_ = nullptr;
  std::uint32_t at_ = 0;
  std::uint32_t end_ = 0;
  std::vector<std::string> complaints_;
};

}  // namespace

std::vector<std::string> verify(const Code& code) { return Verifier(code).run(); }

}  // namespace socktap::vm
