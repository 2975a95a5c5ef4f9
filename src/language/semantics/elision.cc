#include "language/semantics/elision.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "language/walk.h"

namespace socktap::language::semantics {
namespace {

// The tree is its program's alone and was made writable.
Expr& writable(const Expr& expression) { return const_cast<Expr&>(expression); }
Stmt& writable(const Stmt& statement) { return const_cast<Stmt&>(statement); }

bool is_local(const Place& place) { return place.kind == Place::Kind::local; }

// Changes something, or prints, or is not the same when it is called twice.
bool has_effect(tapset::Function function) {
  using enum tapset::Function;
  static constexpr tapset::Function with_result[] = {tokenize,
                                                     randint,
                                                     indent,
                                                     indent_depth,
                                                     thread_indent,
                                                     read_stopwatch_s,
                                                     read_stopwatch_ms,
                                                     read_stopwatch_us,
                                                     read_stopwatch_ns,
                                                     thread_indent_depth,
                                                     speculation};
  return tapset::row(function).result == Type::none ||
         std::ranges::find(with_result, function) != std::end(with_result);
}

// Which functions change globals, print or call what does.
class Effects {
 public:
  explicit Effects(const TypedProgram& program) : of_functions_(program.functions.size()) {
    std::vector<std::vector<std::uint32_t>> callers(program.functions.size());
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < program.functions.size(); ++i) {
      const StmtPtr& body = program.functions[i].body;
      if (!body) continue;
      if (outside(*body)) found.push_back(i);
      walk(*body, [&](const Expr& each) {
        if (const auto* call = std::get_if<Call>(&each.node)) callers[call->function].push_back(i);
      });
    }
    while (!found.empty()) {
      const std::uint32_t function = found.back();
      found.pop_back();
      if (of_functions_[function]) continue;
      of_functions_[function] = true;
      found.insert(found.end(), callers[function].begin(), callers[function].end());
    }
  }

  // Seen from within the handler or function: of locals, too.
  bool of(const Expr& expression) const {
    bool found = false;
    walk(expression, [&](const Expr& each) {
      found |= std::holds_alternative<Assign>(each.node) ||
               std::holds_alternative<Increment>(each.node) || of_call(each);
    });
    return found;
  }
  bool of(const ExprPtr& expression) const { return expression && of(*expression); }
  bool of(const std::vector<ExprPtr>& expressions) const {
    return std::ranges::any_of(expressions, [&](const ExprPtr& each) { return of(each); });
  }

 private:
  bool of_call(const Expr& expression) const {
    if (const auto* call = std::get_if<Call>(&expression.node))
      return of_functions_[call->function];
    if (const auto* call = std::get_if<LibraryCall>(&expression.node))
      return has_effect(call->function);
    const auto* print = std::get_if<Print>(&expression.node);
    return print != nullptr && !print->to_string;
  }

  // By itself, before it is known which of the functions it calls do.
  bool outside(const Stmt& body) const {
    bool found = deletes_global(body);
    walk(body, [&](const Expr& each) {
      if (const auto* assign = std::get_if<Assign>(&each.node)) found |= !is_local(assign->target);
      if (const auto* step = std::get_if<Increment>(&each.node)) found |= !is_local(step->target);
      found |= of_call(each);
    });
    return found;
  }

  static bool deletes_global(const Stmt& statement) {
    const auto in = [](const StmtPtr& child) { return child && deletes_global(*child); };
    return std::visit(Overloaded{
                          [&](const Block& s) { return std::ranges::any_of(s.statements, in); },
                          [&](const If& s) { return in(s.then) || in(s.otherwise); },
                          [&](const Loop& s) { return in(s.body); },
                          [&](const Foreach& s) { return in(s.body); },
                          [&](const Delete& s) { return !is_local(s.target); },
                          [&](const Try& s) { return in(s.body) || in(s.handler); },
                          [](const auto&) { return false; },
                      },
                      statement.node);
  }

  std::vector<bool> of_functions_;
};

// One handler's or function's body.
class Body {
 public:
  Body(const Effects& effects, std::size_t locals) : effects_(effects), reads_(locals) {}

  StmtPtr without_idle(StmtPtr body) {
    if (!body) return body;
    const Span span = body->span;
    do {
      is_changed_ = false;
      std::fill(reads_.begin(), reads_.end(), 0);
      count_reads(*body, 1);
      simplify(body);
      if (!body) return empty(span);
    } while (is_changed_);
    return body;
  }

 private:
  static StmtPtr empty(Span span) {
    auto statement = std::make_unique<Stmt>();
    statement->span = span;
    statement->node = Block{};
    return statement;
  }

  void count_reads(const Stmt& statement, int change) {
    count_deletes(statement, change);
    walk(statement, [&](const Expr& each) {
      if (const auto* load = std::get_if<Load>(&each.node)) count(load->place, change);
      if (const auto* step = std::get_if<Increment>(&each.node)) count(step->target, change);
      const auto* assign = std::get_if<Assign>(&each.node);
      if (assign != nullptr && assign->op != AssignOp::set) count(assign->target, change);
    });
  }

  void count(const Place& place, int change) {
    if (is_local(place)) reads_[place.index] += change;
  }

  void count_deletes(const Stmt& statement, int change) {
    const auto in = [&](const StmtPtr& child) {
      if (child) count_deletes(*child, change);
    };
    std::visit(Overloaded{
                   [&](const Block& s) { std::ranges::for_each(s.statements, in); },
                   [&](const If& s) { in(s.then), in(s.otherwise); },
                   [&](const Loop& s) { in(s.body); },
                   [&](const Foreach& s) { in(s.body); },
                   [&](const Delete& s) { count(s.target, change); },
                   [&](const Try& s) { in(s.body), in(s.handler); },
                   [](const auto&) {},
               },
               statement.node);
  }

  void leave_out(StmtPtr& statement) {
    if (statement) count_reads(*statement, -1);
    statement = nullptr;
  }

  // The value alone where it is assigned to a local that nothing reads.
  void simplify(ExprPtr& expression) {
    if (!expression) return;
    for (;;) {
      auto* assign = std::get_if<Assign>(&writable(*expression).node);
      if (assign == nullptr || assign->op != AssignOp::set || !is_local(assign->target) ||
          reads_[assign->target.index] > 0)
        break;
      ExprPtr value = std::move(assign->value);
      expression = std::move(value);
      is_changed_ = true;
    }
    simplify_below(writable(*expression));
  }

  void simplify(std::vector<ExprPtr>& expressions) {
    for (ExprPtr& expression : expressions) simplify(expression);
  }

  void simplify_below(Expr& expression) {
    std::visit(
        Overloaded{
            [&](Load& e) { simplify(e.place.keys); },
            [&](Unary& e) { simplify(e.operand); },
            [&](Binary& e) { simplify(e.left), simplify(e.right); },
            [&](Conditional& e) { simplify(e.condition), simplify(e.then), simplify(e.otherwise); },
            [&](Assign& e) { simplify(e.target.keys), simplify(e.value); },
            [&](Increment& e) { simplify(e.target.keys); },
            [&](Contains& e) { simplify(e.keys); },
            [&](Match& e) { simplify(e.subject); },
            [&](Call& e) { simplify(e.arguments); },
            [&](LibraryCall& e) { simplify(e.arguments); },
            [&](Extract& e) { simplify(e.statistic.keys); },
            [&](Bucket& e) { simplify(e.statistic.keys), simplify(e.index); },
            [&](HistogramText& e) { simplify(e.statistic.keys); },
            [&](Print& e) { simplify(e.delimiter), simplify(e.arguments); },
            [](auto&) {},
        },
        expression.node);
  }

  // Null where nothing is left.
  void simplify(StmtPtr& statement) {
    if (!statement) return;
    Stmt& written = writable(*statement);
    const bool stays =
        std::visit([&](auto& node) { return simplify_node(written, node); }, written.node);
    if (stays) return;
    is_changed_ |= !std::holds_alternative<Block>(written.node);
    leave_out(statement);
  }

  // From the end: what a statement reads was assigned before, and may be idle without it.
  bool simplify_node(Stmt&, Block& block) {
    for (auto child = block.statements.rbegin(); child != block.statements.rend(); ++child)
      simplify(*child);
    std::erase(block.statements, nullptr);
    return !block.statements.empty();
  }

  bool simplify_node(Stmt&, Evaluate& evaluate) {
    simplify(evaluate.expression);
    return effects_.of(evaluate.expression);
  }

  bool simplify_node(Stmt& statement, If& branch) {
    if (const auto* known = std::get_if<NumberLiteral>(&branch.condition->node)) {
      leave_out(known->value != 0 ? branch.otherwise : branch.then);
      StmtPtr taken = std::move(known->value != 0 ? branch.then : branch.otherwise);
      Block block;
      if (taken) block.statements.push_back(std::move(taken));
      statement.node = std::move(block);
      is_changed_ = true;
      return simplify_node(statement, std::get<Block>(statement.node));
    }
    simplify(branch.condition);
    simplify(branch.then);
    simplify(branch.otherwise);
    if (branch.then) return true;
    if (branch.otherwise) {
      branch.then = empty(statement.span);
      return true;
    }
    if (!effects_.of(branch.condition)) return false;
    ExprPtr condition = std::move(branch.condition);
    statement.node = Evaluate{std::move(condition)};
    return true;
  }

  bool simplify_node(Stmt& statement, Loop& loop) {
    simplify(loop.init);
    simplify(loop.condition);
    simplify(loop.step);
    simplify(loop.body);
    if (loop.body) return true;
    loop.body = empty(statement.span);
    return effects_.of(loop.init) || effects_.of(loop.condition) || effects_.of(loop.step);
  }

  bool simplify_node(Stmt& statement, Foreach& loop) {
    simplify(loop.slice);
    simplify(loop.limit);
    simplify(loop.body);
    if (loop.body) return true;
    loop.body = empty(statement.span);
    return effects_.of(loop.slice) || effects_.of(loop.limit);
  }

  bool simplify_node(Stmt& statement, Try& attempt) {
    simplify(attempt.body);
    simplify(attempt.handler);
    if (!attempt.handler) attempt.handler = empty(statement.span);
    return attempt.body != nullptr;
  }

  bool simplify_node(Stmt&, Return& statement) {
    simplify(statement.value);
    return true;
  }

  bool simplify_node(Stmt&, Delete& statement) {
    simplify(statement.target.keys);
    return true;
  }

  bool simplify_node(Stmt&, auto&) { return true; }

  const Effects& effects_;
  std::vector<std::int64_t> reads_;  // how many there are of each local
  bool is_changed_ = false;
};

// Which globals are read by what is left.
class GlobalReads {
 public:
  explicit GlobalReads(std::vector<Global>& globals) : globals_(globals) {
    for (Global& global : globals_) global.is_read = false;
  }

  void note(const Stmt& statement) {
    const auto in = [this](const StmtPtr& child) {
      if (child) note(*child);
    };
    std::visit(Overloaded{
                   [&](const Block& s) { std::ranges::for_each(s.statements, in); },
                   [&](const Evaluate& s) { note_effect(s.expression); },
                   [&](const If& s) { note(s.condition), in(s.then), in(s.otherwise); },
                   [&](const Loop& s) {
                     note_effect(s.init), note(s.condition), note_effect(s.step), in(s.body);
                   },
                   [&](const Foreach& s) {
                     globals_[s.global].is_read = true;
                     for (const ExprPtr& key : s.slice) note(key);
                     if (s.histogram)
                       for (const ExprPtr& key : s.histogram->keys) note(key);
                     note(s.limit), in(s.body);
                   },
                   [&](const Return& s) { note(s.value); },
                   [&](const Delete& s) {
                     read(s.target);
                     for (const ExprPtr& key : s.target.keys) note(key);
                   },
                   [&](const Try& s) { in(s.body), in(s.handler); },
                   [](const auto&) {},
               },
               statement.node);
  }

  void note(const ExprPtr& expression) {
    if (expression) walk(*expression, [this](const Expr& each) { note_one(each); });
  }

 private:
  // Nobody asks for its value: what it combines with the old one is not read.
  void note_effect(const ExprPtr& expression) {
    if (!expression) return;
    walk(*expression, [&](const Expr& each) {
      if (&each != expression.get() || !changes(each)) note_one(each);
    });
  }

  static bool changes(const Expr& expression) {
    return std::holds_alternative<Assign>(expression.node) ||
           std::holds_alternative<Increment>(expression.node);
  }

  void note_one(const Expr& expression) {
    std::visit(Overloaded{
                   [&](const Load& e) { read(e.place); },
                   [&](const Increment& e) { read(e.target); },
                   [&](const Assign& e) {
                     if (e.op != AssignOp::set && e.op != AssignOp::accumulate) read(e.target);
                   },
                   [&](const Contains& e) { globals_[e.global].is_read = true; },
                   [&](const Extract& e) { read(e.statistic); },
                   [&](const Bucket& e) { read(e.statistic); },
                   [&](const HistogramText& e) { read(e.statistic); },
                   [](const auto&) {},
               },
               expression.node);
  }

  void read(const Place& place) {
    if (!is_local(place)) globals_[place.index].is_read = true;
  }

  std::vector<Global>& globals_;
};

}  // namespace

void elide(TypedProgram& program) {
  const Effects effects(program);
  for (Function& function : program.functions)
    function.body = Body(effects, function.locals.size()).without_idle(std::move(function.body));
  for (Handler& handler : program.handlers)
    handler.body = Body(effects, handler.locals.size()).without_idle(std::move(handler.body));

  GlobalReads reads(program.globals);
  for (const Function& function : program.functions)
    if (function.body) reads.note(*function.body);
  for (const Handler& handler : program.handlers) {
    reads.note(handler.condition);
    if (handler.body) reads.note(*handler.body);
  }
}

}  // namespace socktap::language::semantics
