#include "vm/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace socktap::vm {
namespace {

class Verifier {
 public:
  explicit Verifier(const Code& code) : code_(code) {
    for (const GlobalSlot& global : code.globals) count(global.declaration);
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
  using Kind = Operand::Kind;

  // Slots are numbered among the globals of one kind, in their order.
  void count(const language::Global& global) {
    if (global.is_array()) {
      arrays_.push_back(&global);
    } else if (global.type == Type::string) {
      ++texts_;
    } else if (global.type == Type::stats) {
      ++statistics_;
    } else {
      ++numbers_;
    }
  }

  void instruction(const Instruction& instruction) {
    const std::string_view letters = operands_of(instruction.opcode);
    const std::uint32_t operands[] = {instruction.a, instruction.b, instruction.c};
    for (std::size_t i = 0; i < letters.size(); ++i) operand(letters[i], operands[i]);
    const std::size_t array = letters.find('A');
    const std::size_t function = letters.find('f');
    const std::size_t list = letters.find('k');
    if (list == letters.npos) return;
    if (array != letters.npos) {
      const bool slices = instruction.opcode == Opcode::array_contains ||
                          instruction.opcode == Opcode::array_delete;
      keys(operands[array], operands[list], slices);
    }
    if (function != letters.npos) arguments(operands[function], operands[list]);
  }

  void operand(char letter, std::uint32_t value) {
    switch (letter) {
      case 'N':
      case 'n':
      case 'M':
        return number_register(value);
      case 'T':
      case 't':
        return text_register(value);
      case 'G':
        return below(value, numbers_, "number global");
      case 'X':
        return below(value, texts_, "text global");
      case 'S':
        return below(value, statistics_, "statistic");
      case 'A':
        return below(value, arrays_.size(), "array");
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
        list(value);
        return;
      case 'f':
        return below(value, code_.functions.size(), "function");
      case 'o':
        return below(value, sizeof(WholeEvent), "offset");
      default:
        return site(letter, value);
    }
  }

  void site(char letter, std::uint32_t index) {
    if (letter == 'L') {
      if (const auto* site = element(code_.library_sites, index, "library site")) library(*site);
    } else if (letter == 'E') {
      if (const auto* site = element(code_.extract_sites, index, "extraction")) place(site->place);
    } else if (letter == 'P') {
      if (const auto* site = element(code_.print_sites, index, "print site")) print(*site);
    } else if (letter == 'F') {
      if (const auto* site = element(code_.foreach_sites, index, "foreach site"))
        foreach (*site)
          ;
    } else if (letter == 'H') {
      if (const auto* site = element(code_.bucket_sites, index, "bucket site")) {
        number_register(site->index);
        place(site->place);
      }
    }
  }

  void library(const LibrarySite& site) {
    const auto* given = list(site.arguments);
    const tapset::FunctionRow& row = tapset::row(site.function);
    if (given == nullptr) return;
    if (given->size() < row.min_arguments() || given->size() > row.max_arguments()) {
      return complain("wrong number of arguments");
    }
    for (std::size_t i = 0; i < given->size(); ++i) kind((*given)[i], row.parameter(i), false);
  }

  void print(const PrintSite& site) {
    for (const PrintPiece& piece : site.pieces) {
      switch (piece.kind) {
        case PrintPiece::Kind::nothing:
          break;
        case PrintPiece::Kind::number:
          number_register(piece.index);
          break;
        case PrintPiece::Kind::text:
          text_register(piece.index);
          break;
        case PrintPiece::Kind::conversion:
          conversion(piece.conversion, piece.index);
          break;
        case PrintPiece::Kind::histogram:
          place(piece.histogram);
      }
    }
    for (const std::uint32_t text : site.texts) text_register(text);
  }

  void conversion(const language::Conversion& conversion, std::uint32_t arguments) {
    const auto* given = list(arguments);
    const auto wanted = conversion.arguments();
    if (given == nullptr) return;
    if (given->size() != wanted.size()) {
      return complain("wrong number of arguments for its conversion");
    }
    for (std::size_t i = 0; i < given->size(); ++i) kind((*given)[i], wanted[i], false);
  }

  void foreach (const ForeachSite& site) {
    if (site.limit) number_register(*site.limit);
    if (site.histogram) {
      place(*site.histogram);
      if (site.keys.size() > 1) complain("more than one key for a histogram");
      for (const Operand key : site.keys) kind(key, Type::number, false);
      if (site.value) kind(*site.value, Type::number, false);
      return;
    }
    const auto* array = element(arrays_, site.array, "array");
    if (array == nullptr) return;
    const language::Global& declared = **array;
    kinds(site.keys, declared.keys, false);
    if (site.value) kind(*site.value, declared.type, false);
    if (site.slice) keys(site.array, *site.slice, true);
    if (site.sort_by == ForeachSite::SortBy::key) {
      below(site.sort_column, declared.keys.size(), "key to sort by");
    }
  }

  void place(const StatisticPlace& place) {
    if (!place.element) return below(place.slot, statistics_, "statistic");
    keys(place.slot, place.keys, false);
    if (place.slot < arrays_.size() && arrays_[place.slot]->type != Type::stats) {
      complain("no statistics in the array");
    }
  }

  void keys(std::uint32_t array, std::uint32_t index, bool slice) {
    const auto* declared = element(arrays_, array, "array");
    const auto* given = list(index);
    if (declared != nullptr && given != nullptr) kinds(*given, (*declared)->keys, slice);
  }

  void arguments(std::uint32_t function, std::uint32_t index) {
    const auto* given = list(index);
    if (given == nullptr || function >= code_.functions.size()) return;
    const OperandList& parameters = code_.functions[function].parameters;
    if (given->size() != parameters.size()) return complain("wrong number of arguments");
    for (std::size_t i = 0; i < given->size(); ++i) {
      if ((*given)[i].kind != parameters[i].kind) complain("argument of the wrong type");
    }
  }

  void kinds(const OperandList& operands, const std::vector<Type>& types, bool slice) {
    if (operands.size() != types.size()) return complain("wrong number of keys");
    for (std::size_t i = 0; i < operands.size(); ++i) kind(operands[i], types[i], slice);
  }

  void kind(Operand operand, Type type, bool slice) {
    if (operand.kind == Kind::any && slice) return;
    if (operand.kind != (type == Type::string ? Kind::text : Kind::number)) {
      complain("operand of the wrong type");
    }
    register_of(operand);
  }

  const OperandList* list(std::uint32_t index) {
    const auto* operands = element(code_.lists, index, "list");
    if (operands == nullptr) return nullptr;
    for (const Operand operand : *operands) register_of(operand);
    return operands;
  }

  void register_of(Operand operand) {
    if (operand.kind == Kind::number) number_register(operand.index);
    if (operand.kind == Kind::text) text_register(operand.index);
  }

  void number_register(std::uint32_t index) {
    below(index, routine_->number_registers, "number register");
  }
  void text_register(std::uint32_t index) {
    below(index, routine_->text_registers, "text register");
  }

  void below(std::size_t value, std::size_t end, std::string_view what) {
    if (value >= end) complain(fmt::format("{} {} of {}", what, value, end));
  }

  // Null, and a complaint, if there is no such element.
  template <typename T>
  const T* element(const std::vector<T>& all, std::size_t index, std::string_view what) {
    below(index, all.size(), what);
    return index < all.size() ? &all[index] : nullptr;
  }

  void complain(std::string_view what) {
    complaints_.push_back(fmt::format(
        "{} {} in {}: {}", at_, name_of(code_.instructions[at_].opcode), routine_->name, what));
  }

  const Code& code_;
  std::size_t numbers_ = 0, texts_ = 0, statistics_ = 0;
  std::vector<const language::Global*> arrays_;
  std::vector<const Routine*> routines_;
  const Routine* routine_ = nullptr;
  std::uint32_t at_ = 0;
  std::uint32_t end_ = 0;
  std::vector<std::string> complaints_;
};

}  // namespace

std::vector<std::string> verify(const Code& code) { return Verifier(code).run(); }

}  // namespace socktap::vm
