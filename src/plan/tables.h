// What is kept of globals where events arise: for each CPU tables of its own, of keys and what was
// added to them there. The machine merges them into its own globals before anybody reads those.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "language/typed_program.h"
#include "plan/partial.h"
#include "tapset/functions.h"

namespace socktap::plan {

// How a value is kept.
struct Kept {
  enum class As : std::uint8_t {
    number,
    field_text,  // a text of the record, SOCKTAP_COMM_LENGTH bytes, zero-padded
    known_text,  // one of Tables::texts, by its index
    made_text,   // what `function` makes of the number that is kept
  };
  As as = As::number;
  std::optional<tapset::Function> function = {};  // of made_text

  bool operator==(const Kept&) const = default;
};

// What a table keeps of one global under a key.
struct Cell {
  enum class Kind : std::uint8_t { sum, statistic, last };
  std::uint32_t global;
  Kind kind;
  Kept value = {};  // of `last`

  bool operator==(const Cell&) const = default;
};

std::string_view name_of(Cell::Kind kind);  // "last value"

// Of globals that are updated under the same key, whose columns it has. No column: scalars.
struct Table {
  std::vector<Kept> key;
  std::vector<Cell> cells;
  // Entries on one CPU: as many as its globals together may have, so that one of them has too many
  // if there is no room. Of numbers that texts are made of there may be more than of texts.
  std::uint32_t capacity = 1;
};

// A statement that updates a cell: an Assign or Increment.
struct Update {
  const language::Expr* statement;
  std::uint32_t table;
  std::uint32_t cell;
};

// The keys of an array whose content is settled, as expressions there look for them.
struct KeySet {
  std::uint32_t global;
  std::vector<Kept> key;
  std::uint32_t capacity;
};

// An expression that looks for a key: a Contains.
struct Lookup {
  const language::Expr* expression;
  std::uint32_t set;
};

// An array of which each thread has elements of its own: see plan/threads.h.
struct ThreadArray {
  std::uint32_t global;
  std::vector<Kept> key;
  std::uint32_t capacity;  // elements
  Span first_update;       // of the script's text
};

struct Tables {
  std::vector<Table> tables;
  std::vector<Update> updates;           // by the address of the statement
  std::vector<std::uint32_t> constants;  // globals, numbers that are settled
  std::vector<KeySet> sets;
  std::vector<Lookup> lookups;  // by the address of the expression
  std::vector<std::string> texts;
  std::vector<ThreadArray> thread_arrays;

  // Nothing is kept, or known of globals, where events arise.
  bool empty() const {
    return tables.empty() && constants.empty() && sets.empty() && thread_arrays.empty();
  }
  const Update* find_update(const language::Expr& statement) const;  // nullptr: it is none
  const Lookup& lookup_of(const language::Expr& expression) const;
  std::uint32_t index_of(std::string_view text) const;    // which `texts` has
  std::uint32_t constant_of(std::uint32_t global) const;  // which `constants` has
  // The number of the array among `thread_arrays`; nullopt: it is none of them.
  std::optional<std::uint32_t> thread_array_of(std::uint32_t global) const;
};

// What the settled globals are: of each of Tables::constants, and of Tables::sets the keys.
struct SettledValues {
  std::vector<std::int64_t> constants;
  std::vector<std::vector<std::vector<PartialValue>>> sets;
};

// Entries of an array that declares no size, unless the run says otherwise (MAXMAPENTRIES); and how
// many an array may have that is kept or looked at where events arise.
inline constexpr std::int64_t usual_entries = 2048;
inline constexpr std::int64_t most_entries = 1 << 20;

}  // namespace socktap::plan
