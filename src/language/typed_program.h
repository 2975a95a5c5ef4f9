// A script that is known to mean something: aliases and macros expanded, probe points resolved,
// names bound to slots, every expression typed. Immutable once made; every later phase reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/source_map.h"
#include "language/ast.h"
#include "tapset/catalogue.h"
#include "tapset/functions.h"
#include "tapset/type.h"

namespace socktap::language {

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<const Expr>;
using StmtPtr = std::unique_ptr<const Stmt>;

using ast::AssignOp;
using ast::BinaryOp;
using ast::UnaryOp;

// Where a value can be stored. Keys are present exactly when the place is an array's element.
struct Place {
  enum class Kind : std::uint8_t { local, global };
  Kind kind = Kind::local;
  std::uint32_t index = 0;  // into the owner's locals or the program's globals
  std::vector<ExprPtr> keys;
};

enum class StatFunction : std::uint8_t { count, sum, min, max, avg, variance };

// How a statistic is kept beside count, sum, min, max: which histogram, if any.
struct Histogram {
  enum class Kind : std::uint8_t { none, log, linear };
  Kind kind = Kind::none;
  std::int64_t low = 0, high = 0, width = 0;  // linear only
  bool operator==(const Histogram&) const = default;
};

struct NumberLiteral {
  std::int64_t value;
};
struct StringLiteral {
  std::string value;
};
struct Load {
  Place place;
};  // numbers and strings; 0 or "" if missing
struct EventVariable {
  tapset::Variable variable;
};  // 0 or "" where the point has none
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};
struct Binary {
  BinaryOp op;
  ExprPtr left, right;
};  // && and || evaluate the right side lazily
struct Conditional {
  ExprPtr condition, then, otherwise;
};
struct Assign {
  AssignOp op;
  Place target;
  ExprPtr value;
};  // its value is the stored one
struct Increment {
  Place target;
  int delta;
  bool prefix;
};
struct Contains {
  std::uint32_t global;
  std::vector<ExprPtr> keys;
};  // a null key matches any
struct Match {
  ExprPtr subject;
  std::string pattern;
  bool negated;
};
struct Call {
  std::uint32_t function;
  std::vector<ExprPtr> arguments;
};
struct LibraryCall {
  tapset::Function function;
  std::vector<ExprPtr> arguments;
};
struct Extract {
  StatFunction function;
  Place statistic;
  std::int64_t shift = 0;
};  // shift: @variance's
struct Bucket {
  Place statistic;
  ExprPtr index;
};  // @hist_log(s)[index]; shape: the global's

// An argument of print that is a whole histogram: print(@hist_log(s)).
struct HistogramText {
  Place statistic;
};

// print and its kin. With a format the arguments are its conversions' ('*' widths and precisions
// included, in order); without, they print one after the other, `delimiter` between them.
struct Print {
  bool to_string = false;  // sprint...: the expression's value is the text
  std::optional<std::string> format;
  ExprPtr delimiter;     // printd, printdln; else null
  bool newline = false;  // ...ln
  std::vector<ExprPtr> arguments;
};

struct Expr {
  Type type = Type::none;  // of the value; none for calls of functions without result
  Span span;
  std::variant<NumberLiteral, StringLiteral, Load, EventVariable, Unary, Binary, Conditional,
               Assign, Increment, Contains, Match, Call, LibraryCall, Extract, Bucket,
               HistogramText, Print>
      node;
};

struct Block {
  std::vector<StmtPtr> statements;
};
struct Evaluate {
  ExprPtr expression;
};
struct If {
  ExprPtr condition;
  StmtPtr then, otherwise;
};  // otherwise may be null
struct Loop {
  ExprPtr init, condition, step;
  StmtPtr body;
};  // for and while; parts may be null
struct Break {};
struct Continue {};
struct Next {};  // in a function: try the next overload
struct Return {
  ExprPtr value;
};  // may be null
struct Delete {
  Place target;
  std::vector<bool> wildcards;
};  // wildcards[i]: keys[i] is null, '*'
struct Try {
  StmtPtr body;
  std::optional<std::uint32_t> message;
  StmtPtr handler;
};  // message: a string local

// foreach over an array (or a slice of it), or over the buckets of a histogram.
struct Foreach {
  enum class SortBy : std::uint8_t { nothing, key, value, statistic };
  std::uint32_t global = 0;
  std::vector<std::uint32_t> keys;     // locals that take the key's columns; histogram: the bucket
  std::optional<std::uint32_t> value;  // local that takes the value; not of statistics
  std::vector<ExprPtr> slice;          // empty: all; else one a column, null matches any
  std::optional<Place> histogram;      // iterates this statistic's buckets instead
  SortBy sort_by = SortBy::nothing;
  std::size_t sort_column = 0;  // SortBy::key
  StatFunction sort_function =
      StatFunction::count;  // SortBy::statistic; statistics sorted by value: count
  bool descending = false;
  ExprPtr limit;  // may be null
  StmtPtr body;
};

struct Stmt {
  Span span;
  std::variant<Block, Evaluate, If, Loop, Foreach, Break, Continue, Next, Return, Delete, Try> node;
};

struct Local {
  std::string name;
  Type type = Type::number;
};  // starts as 0 or ""

struct Global {
  std::string name;
  Span span;
  Type type = Type::number;                 // of the scalar, or of the array's values
  std::vector<Type> keys;                   // empty for a scalar; number or string each
  std::optional<std::int64_t> max_entries;  // as declared; else MAXMAPENTRIES
  bool wraps = false;
  std::variant<std::monostate, std::int64_t, std::string> initial;
  Histogram histogram;          // of statistics
  bool keeps_variance = false;  // of statistics: @variance is asked somewhere
  std::int64_t variance_shift = 0;
  bool is_read = false;  // anywhere, or deleted
  bool is_written = false;
  // What the script declares, writes and never reads prints at the end, in the order of the first
  // uses.
  bool is_shown_at_end = false;
  std::uint32_t first_use = 0;

  bool is_array() const { return !keys.empty(); }
};

struct Function {
  std::string name;
  Span span;
  Type result = Type::none;
  std::uint32_t parameter_count = 0;  // the first locals
  std::vector<Local> locals;
  StmtPtr body;
  std::optional<std::uint32_t> overload;  // where `next` goes on
};

struct Begin {
  std::int64_t order = 0;
};
struct End {
  std::int64_t order = 0;
};
struct OnError {
  std::int64_t order = 0;
};
struct Never {};
struct Timer {
  std::int64_t period_ns;
  std::int64_t randomize_ns = 0;
};
using Trigger = std::variant<Begin, End, OnError, Never, Timer, const tapset::ProbePoint*>;

struct Point {
  Trigger trigger;
  std::string text;  // as pp() says it: "socket.send", "timer.s(1)"
  std::string name;  // as pn() says it: what the script's probe names, an alias of its own perhaps
  Span span;
};

// One body and the points that run it, in script order. Points of one `probe` whose conditions or
// alias bodies differ have become handlers of their own.
struct Handler {
  Span span;
  std::vector<Point> points;
  ExprPtr condition;  // `probe ... if (condition)`; null if there is none
  std::vector<Local> locals;
  StmtPtr body;
};

struct TypedProgram {
  std::vector<Global> globals;
  std::vector<Function> functions;
  std::vector<Handler> handlers;  // in script order
};

// The program as `explain --dump=types` prints it: globals and handlers with every type.
std::string dump(const TypedProgram& program);

}  // namespace socktap::language
