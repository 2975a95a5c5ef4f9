// A script as it was written: the parser's result, before any name has a meaning.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/source_map.h"
#include "tapset/type.h"

namespace socktap::language::ast {

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;

enum class UnaryOp : std::uint8_t { plus, minus, logical_not, bitwise_not };

enum class BinaryOp : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  shift_left,
  shift_right,
  shift_right_logical,
  bitwise_and,
  bitwise_or,
  bitwise_xor,
  logical_and,
  logical_or,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  concatenate,
};

// `set` is plain =, `accumulate` is <<<; the others combine with the old value first.
enum class AssignOp : std::uint8_t {
  set,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  shift_left,
  shift_right,
  bitwise_and,
  bitwise_or,
  bitwise_xor,
  concatenate,
  accumulate,
};

struct Number {
  std::int64_t value;
};
struct String {
  std::string value;
};  // escapes resolved
struct Name {
  std::string text;
};  // local, global or event variable
struct TargetVariable {
  std::string text;
};  // $foo->bar[1], $$vars: parses, is refused
struct Subscript {
  ExprPtr base;
  std::vector<ExprPtr> keys;
};  // a null key is '*'; base: Name or AtOperator
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};
struct Binary {
  BinaryOp op;
  ExprPtr left, right;
};
struct Conditional {
  ExprPtr condition, then, otherwise;
};
struct Assign {
  AssignOp op;
  ExprPtr target, value;
};
struct Increment {
  ExprPtr target;
  int delta;
  bool prefix;
};  // delta: +1 or -1
struct In {
  std::vector<ExprPtr> keys;
  std::string array;
  Span array_span;
};  // a null key is '*'
struct Match {
  ExprPtr subject;
  std::string pattern;
  Span pattern_span;
  bool negated;
};
struct Call {
  std::string function;
  Span name_span;
  std::vector<ExprPtr> arguments;
};  // print family too
struct AtOperator {
  std::string name;
  std::vector<ExprPtr> arguments;
};  // "@count", "@hist_log", "@entry"
struct EmbeddedC {
  std::string text;
};  // %{ ... %}, as an expression or between the declarations: parses, is refused

struct Expr {
  Span span;
  std::variant<Number, String, Name, TargetVariable, Subscript, Unary, Binary, Conditional, Assign,
               Increment, In, Match, Call, AtOperator, EmbeddedC>
      node;
};

struct Empty {};
struct Block {
  std::vector<StmtPtr> statements;
};
struct Evaluate {
  ExprPtr expression;
};
struct If {
  ExprPtr condition;
  StmtPtr then;
  StmtPtr otherwise;
};  // otherwise may be null
struct While {
  ExprPtr condition;
  StmtPtr body;
};
struct For {
  ExprPtr init, condition, step;
  StmtPtr body;
};  // each may be null but body
struct Break {};
struct Continue {};
struct Next {};
struct Return {
  ExprPtr value;
};  // may be null
struct Delete {
  ExprPtr target;
};  // Name or Subscript
struct Try {
  StmtPtr body;
  std::optional<std::string> message;
  Span message_span;
  StmtPtr handler;
};

// foreach ([value =] [k1 +, k2] in array[slice] limit n), or over a histogram's buckets.
struct Foreach {
  enum class Direction : std::uint8_t { none, ascending, descending };
  struct Binding {
    std::string name;
    Span span;
  };
  std::vector<Binding> keys;
  std::optional<Binding> value;
  ExprPtr container;  // Name, Subscript (slice) or AtOperator (histogram)
  Direction direction = Direction::none;
  int sort_by = -1;           // key column from 0; -1 is the value
  std::string sort_function;  // "@count", "@sum" ... when sorted by an aggregate; else empty
  ExprPtr limit;              // may be null
  StmtPtr body;
};

struct Stmt {
  Span span;
  std::variant<Empty, Block, Evaluate, If, While, For, Foreach, Break, Continue, Next, Return,
               Delete, Try>
      node;
};

struct Global {
  Span span;  // of the name
  std::string name;
  bool is_private = false;
  bool of_tapset = false;  // not of the script itself
  bool wraps = false;      // a%[n]: drop old entries instead of overflowing
  ExprPtr size;            // a[n]; null if not given
  ExprPtr initial;         // Number or String (or a negated Number); null if not given
};

struct Parameter {
  Span span;
  std::string name;
  Type type = Type::none;
};

struct Function {
  Span span;  // of the name
  std::string name;
  Type result = Type::none;  // as declared; none when left to inference
  bool is_private = false;
  bool of_tapset = false;  // not of the script itself
  std::vector<Parameter> parameters;
  std::optional<std::int64_t> priority;  // f():3 ; lower runs first among overloads
  StmtPtr body;                          // null for embedded C
  std::optional<std::string> embedded_c;
};

// One component of a probe point: `process("x")`, `send`, `s*`, `return`.
struct PointComponent {
  Span span;
  std::string name;
  ExprPtr argument;
};  // argument may be null

// One point as written, after brace expansion: `socket.{send,receive}` has become two.
struct Point {
  Span span;
  std::vector<PointComponent> components;
  bool optional = false;    // '?'
  bool sufficient = false;  // '!'
  std::shared_ptr<Expr>
      condition;  // `if (...)`; shared by the points of one braced spelling; may be null

  std::string text() const;  // "socket.sendmsg.return", "timer.s(1)"
};

struct Probe {
  Span span;
  std::vector<Point> points;
  StmtPtr body;
};

struct Alias {
  Span span;              // of the name
  std::string name;       // dotted
  bool epilogue = false;  // += : body after the handler's
  std::vector<Point> points;
  StmtPtr body;
  StmtPtr epilogue_body;  // of `= points { prologue }, { epilogue }`; else null
};

// C between the declarations.
struct EmbeddedCode {
  Span span;
  EmbeddedC code;
};

struct Script {
  std::vector<Global> globals;
  std::vector<Function> functions;
  std::vector<Alias> aliases;
  std::vector<Probe> probes;
  std::vector<EmbeddedCode> embedded_code;
};

// The whole tree, indented, one node a line: for `explain --dump=ast` and golden tests.
std::string dump(const Script& script);
std::string dump(const Expr& expression);  // one line, fully parenthesised

}  // namespace socktap::language::ast
