// The code as text, one instruction a line: `   7  jump_less       n0, n2 -> 3`.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "language/literal.h"
#include "vm/compile.h"
#include "vm/routine_compiler.h"

namespace socktap::vm {
namespace {

constexpr std::string_view names[] = {
#define SOCKTAP_OPCODE(name, operands) #name,
#include "vm/opcodes.def"
#undef SOCKTAP_OPCODE
};
constexpr std::string_view operand_letters[] = {
#define SOCKTAP_OPCODE(name, operands) operands,
#include "vm/opcodes.def"
#undef SOCKTAP_OPCODE
};

class Disassembler {
 public:
  explicit Disassembler(const Code& code) : code_(code) {
    for (const auto* routines : {&code.functions, &code.handlers}) {
      for (const Routine& routine : *routines) entries_.push_back(routine.entry);
    }
    for (const GlobalSlot& global : code.globals) {
      globals_.emplace(std::pair(kind_of(global.declaration), global.slot),
                       global.declaration.name);
    }
    entries_.push_back(static_cast<std::uint32_t>(code.instructions.size()));
    std::sort(entries_.begin(), entries_.end());
  }

  std::string all() {
    for (const Routine& routine : code_.functions) print(routine);
    for (const Routine& routine : code_.handlers) print(routine);
    for (const TryRegion& region : code_.try_regions) {
      line("try {} to {}: errors go to {}\n", region.begin, region.end, region.handler);
    }
    return std::move(out_);
  }

 private:
  template <typename... Arguments>
  void line(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
  }

  // Routines lie one after the other; each ends where the next begins.
  std::uint32_t end_of(const Routine& routine) const {
    const auto next = std::upper_bound(entries_.begin(), entries_.end(), routine.entry);
    return next == entries_.end() ? routine.entry : *next;
  }

  void print(const Routine& routine) {
    line("{}: {} numbers, {} texts\n", routine.name, routine.number_registers,
         routine.text_registers);
    routine_ = &routine;
    const std::uint32_t end = end_of(routine);
    for (std::uint32_t at = routine.entry; at < end; ++at) {
      const Instruction& instruction = code_.instructions[at];
      line("{:5}  {:<20}", at, name_of(instruction.opcode));
      const std::uint32_t operands[] = {instruction.a, instruction.b, instruction.c};
      const std::string_view letters = operands_of(instruction.opcode);
      bool first = true;
      for (std::size_t i = 0; i < letters.size(); ++i) {
        if (letters[i] == '.') continue;
        out_ += first ? " " : ", ";
        first = false;
        operand(letters[i], operands[i], instruction);
      }
      out_ += '\n';
    }
  }

  void operand(char letter, std::uint32_t value, const Instruction& instruction) {
    switch (letter) {
      case 'N':
      case 'n':
      case 'M':
        return number(value);
      case 'T':
      case 't':
        return text(value);
      case 'G':
      case 'X':
      case 'S':
      case 'A':
        return global(letter, value);
      case 'I':
        return line("{}", instruction.immediate());
      case 'i':
        return line("{}", static_cast<std::int32_t>(value));
      case 'l':
        return line("{}", language::quoted(code_.literals[value]));
      case 'j':
        return line("-> {}", value);
      case 'o':
        return line("event+{}", value);
      case 'v':
        return line("{}", tapset::row(static_cast<tapset::Variable>(value)).name);
      case 'k':
        return list(code_.lists[value]);
      case 'f':
        return line("{}", code_.functions[value].name);
      case 'p':
        return line("{}", language::quoted(code_.patterns[value]));
      case 'r':
        return line("iterator {}", value);
      default:
        return site(letter, value);
    }
  }

  void site(char letter, std::uint32_t index) {
    switch (letter) {
      case 'L':
        line("{} ", tapset::row(code_.library_sites[index].function).name);
        return list(code_.lists[code_.library_sites[index].arguments]);
      case 'E':
        line("@{} ", statistic_name(code_.extract_sites[index].function));
        return place(code_.extract_sites[index].place);
      case 'H':
        place(code_.bucket_sites[index].place);
        out_ += " bucket ";
        return number(code_.bucket_sites[index].index);
      case 'P':
        return print_site(code_.print_sites[index]);
      case 'F':
        return foreach_site(code_.foreach_sites[index]);
      default:
        line("{}{}", letter, index);
    }
  }

  static std::string_view statistic_name(language::StatFunction function) {
    constexpr std::string_view function_names[] = {"count", "sum", "min", "max", "avg", "variance"};
    return function_names[static_cast<std::size_t>(function)];
  }

  void number(std::uint32_t index) {
    if (index < routine_->number_locals && index < routine_->names.size()) {
      return line("n{}:{}", index, routine_->names[index]);
    }
    line("n{}", index);
  }

  void text(std::uint32_t index) {
    const std::size_t name = routine_->number_locals + index;
    if (index < routine_->text_locals && name < routine_->names.size()) {
      return line("t{}:{}", index, routine_->names[name]);
    }
    line("t{}", index);
  }

  // The letter by which operands name a global of its kind.
  static char kind_of(const language::Global& global) {
    return global.is_array()             ? 'A'
           : global.type == Type::string ? 'X'
           : global.type == Type::stats  ? 'S'
                                         : 'G';
  }

  void global(char kind, std::uint32_t slot) { line("{}", globals_.at({kind, slot})); }

  void register_of(Operand operand) {
    switch (operand.kind) {
      case Operand::Kind::number:
        return number(operand.index);
      case Operand::Kind::text:
        return text(operand.index);
      case Operand::Kind::any:
        out_ += '*';
    }
  }

  void list(const OperandList& operands) {
    out_ += '(';
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (i > 0) out_ += ", ";
      register_of(operands[i]);
    }
    out_ += ')';
  }

  void place(const StatisticPlace& place) {
    global(place.element ? 'A' : 'S', place.slot);
    if (place.element) list(code_.lists[place.keys]);
  }

  void print_site(const PrintSite& site) {
    for (const PrintPiece& piece : site.pieces) {
      if (&piece != &site.pieces.front()) out_ += ' ';
      if (!piece.before.empty()) out_ += language::quoted(piece.before);
      if (!piece.before.empty() && piece.kind != PrintPiece::Kind::nothing) out_ += ' ';
      switch (piece.kind) {
        case PrintPiece::Kind::nothing:
          break;
        case PrintPiece::Kind::number:
          number(piece.index);
          break;
        case PrintPiece::Kind::text:
          text(piece.index);
          break;
        case PrintPiece::Kind::conversion:
          out_ += "format ";
          list(code_.lists[piece.index]);
          break;
        case PrintPiece::Kind::histogram:
          out_ += "@hist ";
          place(piece.histogram);
      }
    }
  }

  void foreach_site(const ForeachSite& site) {
    list(site.keys);
    if (site.value) {
      out_ += " = ";
      register_of(*site.value);
    }
    out_ += " in ";
    if (site.histogram) {
      place(*site.histogram);
    } else {
      global('A', site.array);
    }
    if (site.slice) list(code_.lists[*site.slice]);
    if (site.sort_by != ForeachSite::SortBy::nothing) {
      out_ += site.descending ? " descending" : " ascending";
    }
    if (site.limit) {
      out_ += " limit ";
      number(*site.limit);
    }
  }

  const Code& code_;
  std::vector<std::uint32_t> entries_;  // of all routines, and where the last ends; ascending
  std::map<std::pair<char, std::uint32_t>, std::string_view> globals_;
  const Routine* routine_ = nullptr;
  std::string out_;
};

}  // namespace

std::string_view name_of(Opcode opcode) { return names[static_cast<std::size_t>(opcode)]; }

std::string_view operands_of(Opcode opcode) {
  return operand_letters[static_cast<std::size_t>(opcode)];
}

std::string disassemble(const Code& code) { return Disassembler(code).all(); }

}  // namespace socktap::vm
