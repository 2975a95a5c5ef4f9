// The machine's code: what a TypedProgram becomes. Plain data, immutable once made, and it refers
// to nothing outside but probe points and library functions, which are static.
//
// A routine (handler or function) runs in a frame of number registers and text registers; its
// locals come first, temporaries follow. Operands that do not fit an instruction lie in the side
// tables, by index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/source_map.h"
#include "language/print_format.h"
#include "language/typed_program.h"
#include "tapset/functions.h"
#include "tapset/type.h"

namespace socktap::vm {

enum class Opcode : std::uint8_t {
#define SOCKTAP_OPCODE(name, operands) name,
#include "vm/opcodes.def"
#undef SOCKTAP_OPCODE
};
std::string_view name_of(Opcode opcode);
std::string_view operands_of(Opcode opcode);  // three letters, as opcodes.def explains them

struct Instruction {
  Opcode opcode;
  std::uint32_t a = 0, b = 0, c = 0;

  std::int64_t immediate() const {
    return static_cast<std::int64_t>(std::uint64_t{c} << 32 | std::uint64_t{b});
  }
};

// A register that something reads or fills.
struct Operand {
  enum class Kind : std::uint8_t { number, text, any };  // any: a '*' among keys
  Kind kind = Kind::number;
  std::uint32_t index = 0;
};
using OperandList = std::vector<Operand>;

// The place of a statistic: a scalar's slot, or an array's element.
struct StatisticPlace {
  bool element = false;
  std::uint32_t slot = 0;  // of the scalar, or of the array
  std::uint32_t keys = 0;  // list
};

struct LibrarySite {
  tapset::Function function;
  std::uint32_t arguments;  // list
};

struct ExtractSite {
  language::StatFunction function;
  StatisticPlace place;
};

struct BucketSite {
  StatisticPlace place;
  std::uint32_t index;  // number register
};

// What one print statement writes, in order: texts of the script, and a value behind each.
struct PrintPiece {
  enum class Kind : std::uint8_t { nothing, number, text, conversion, histogram };
  std::string before;
  Kind kind = Kind::nothing;
  std::uint32_t index = 0;            // number, text: register; conversion: list, '*'s included
  language::Conversion conversion{};  // one that is not just the number or the text
  StatisticPlace histogram{};
};
struct PrintSite {
  std::vector<PrintPiece> pieces;
  std::vector<std::uint32_t> texts;  // the registers of all its pieces that are a text
  std::size_t most = 0;              // bytes at most of what is `before` and of the numbers
};

struct ForeachSite {
  using SortBy = language::Foreach::SortBy;
  std::uint32_t array = 0;                  // slot
  std::optional<StatisticPlace> histogram;  // iterates its buckets instead
  OperandList keys;                         // registers that take the key's columns
  std::optional<Operand> value;             // register that takes the value
  std::optional<std::uint32_t> slice;       // list
  SortBy sort_by = SortBy::nothing;
  std::size_t sort_column = 0;
  language::StatFunction sort_function = language::StatFunction::count;
  bool descending = false;
  std::optional<std::uint32_t> limit;  // number register
};

// Where an instruction that can fail stands in the script.
struct FaultSite {
  enum class Kind : std::uint8_t {
    identifier,  // `token` is looked for from the front of the span
    operation,   // an operator's `token`, looked for from the back
    statement,   // the span's first word
  };
  std::uint32_t instruction;
  Kind kind;
  std::string token;
  Span span;
};

struct Routine {
  std::string name;
  FaultSite declared{};                // a function's, to which calls that nest too deeply point
  std::uint32_t entry = 0;             // index of its first instruction
  std::uint32_t number_locals = 0;     // set to 0 when a frame is made
  std::uint32_t text_locals = 0;       // set to ""
  std::uint32_t number_registers = 0;  // locals and temporaries
  std::uint32_t text_registers = 0;
  std::uint32_t iterators = 0;
  OperandList parameters;          // of functions: the registers arguments go to
  std::vector<std::string> names;  // of number locals, then of text locals
};

// While the instructions of [begin, end) run, errors go to `handler`. Inner regions come first.
struct TryRegion {
  std::uint32_t begin, end, handler;
};

struct GlobalSlot {
  language::Global declaration;
  std::uint32_t slot = 0;  // among those of its kind: numbers, texts, statistics, arrays
};

struct Code {
  std::vector<Instruction> instructions;
  std::vector<Routine> handlers;   // as TypedProgram::handlers
  std::vector<Routine> functions;  // as TypedProgram::functions
  std::vector<GlobalSlot> globals;

  std::vector<std::string> literals;
  std::vector<std::string> patterns;  // of =~ and !~
  std::vector<OperandList> lists;
  std::vector<LibrarySite> library_sites;
  std::vector<ExtractSite> extract_sites;
  std::vector<BucketSite> bucket_sites;
  std::vector<PrintSite> print_sites;
  std::vector<ForeachSite> foreach_sites;
  std::vector<TryRegion> try_regions;
  std::vector<FaultSite> fault_sites;  // by instruction, ascending
  bool keeps_groups = false;           // matched() or ngroups() is called somewhere
};

}  // namespace socktap::vm
