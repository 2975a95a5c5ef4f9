// Finds out what every name means and which type everything has, and reports what does not fit. The
// tree is only read; what is found out lands in the units, the symbols and the type table, from
// which the typed program is then built without further questions.
//
// Functions are looked at when they are called first: one that is never called is not checked and
// not part of the program.
#pragma once

#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "language/language.h"
#include "language/semantics/prelude.h"
#include "language/semantics/print_family.h"
#include "language/semantics/symbols.h"
#include "language/semantics/unit.h"

namespace socktap::language::semantics {

class Inference {
 public:
  Inference(const Invocation& invocation, const Prelude& prelude, Symbols& symbols,
            TypeTable& types, Reporter& reporter)
      : invocation_(invocation),
        prelude_(prelude),
        symbols_(symbols),
        types_(types),
        reporter_(reporter) {}

  // Handlers first, then whatever they call. Units stay where they are.
  void infer_handler(const HandlerDraft& draft);
  void infer_called_functions();
  bool uses_arguments() const;  // argv, and not one of the script's own

  const std::deque<Unit>& handlers() const { return handlers_; }
  const std::deque<Unit>& functions() const { return functions_; }

  // Reports what can only be said once everything has been seen.
  void check_statistics_as_values();
  void check_calls_while_iterating();

 private:
  // Whether the value of an expression is asked for. A procedure (print, a function without
  // result) may stand where it is not, behind ?:, && and || too.
  enum class Use { value, statement };
  // How a place is used: `modify` is an update whose result is not asked for, `write` sets it
  // whatever it was.
  enum class Access { read, write, update, modify, accumulate, extract, clear };

  // One side of a conflict of types.
  struct Side {
    Term term;
    std::string what;
  };

  struct IteratedGlobal {
    std::uint32_t global;
    Span span;
  };
  struct CallWhileIterating {
    std::uint32_t function;
    Span span;
    IteratedGlobal iterated;
  };
  // A global as what it would have to be a number or a string for: read, or set by = and foreach.
  struct ValueUse {
    std::uint32_t global;
    Span span;
    bool is_set;
  };

  // inference_statement.cc
  void infer_unit(Unit& unit);
  void infer_condition_of_probe(const ast::Expr& condition);
  void infer(const ast::Stmt& statement);
  void infer_part_of_for(const ast::ExprPtr& part);
  void infer_evaluate(const ast::Evaluate& statement);
  void infer_if(const ast::If& statement);
  void infer_foreach(const ast::Foreach& loop);
  void infer_foreach_array(const ast::Foreach& loop);
  void infer_foreach_histogram(const ast::Foreach& loop, const ast::AtOperator& histogram,
                               Span span);
  void check_sort(const ast::Foreach& loop, std::uint32_t global);
  void infer_return(const ast::Return& statement);
  void infer_delete(const ast::Delete& statement);
  void infer_try(const ast::Try& statement);
  Term bind_target(std::string_view name, Span span);

  // inference_expression.cc
  Term infer(const ast::Expr& expression, Use use = Use::value);
  Term infer_match(const ast::Match& match);
  Term infer_unary(const ast::Unary& unary);
  Term infer_binary(const ast::Expr& expression, const ast::Binary& binary, Use use);
  Term infer_conditional(const ast::Expr& expression, const ast::Conditional& conditional, Use use);
  Term infer_assign(const ast::Expr& expression, const ast::Assign& assign, Use use);
  Term infer_increment(const ast::Increment& increment, Use use);
  Term infer_in(const ast::In& membership);
  void refuse_effect_in_condition(Span span);

  // inference_place.cc
  Term infer_place(const ast::Expr& place, Access access);
  Term infer_name(std::string_view name, Span span, Access access);
  Term infer_element(const ast::Subscript& subscript, Span span, Access access);
  Term infer_local(std::uint32_t index, Span span, Access access);
  std::optional<std::uint32_t> find_array(const ast::Expr& base, std::size_t key_count);
  std::optional<std::uint32_t> find_global(std::string_view name, Span span, bool is_array);
  void infer_keys(std::uint32_t global, const std::vector<ast::ExprPtr>& keys, Span span);
  bool set_arity(std::uint32_t global, std::size_t arity, Span span);
  void note_access(std::uint32_t global, Span span, Access access);
  Binding bind(std::string_view name, Span span);
  LocalBinding add_local(std::string_view name, Span span);
  std::optional<std::uint32_t> look_up_global(std::string_view name);

  // inference_variable.cc
  Term infer_event_variable(tapset::Variable variable, Span span, Access access);
  void report_missing_variable(const tapset::VariableRow& variable, Span span);
  LocalBinding add_event_local(const tapset::VariableRow& variable, Span span);
  Term infer_event_local(const LocalSymbol& local, Span span, Access access);
  void note_set(std::string_view name);
  void warn_of_hidden_variable(std::uint32_t global, Span span);

  // inference_call.cc
  Term infer_call(const ast::Expr& expression, const ast::Call& call, Use use);
  Term infer_library_call(const ast::Call& call, const tapset::FunctionRow& function,
                          const std::vector<Term>& arguments, Use use, Span span);
  Term infer_user_call(const ast::Expr& expression, const ast::Call& call,
                       const std::vector<Term>& arguments, Use use);
  void ask_for_value(Span span, const OverloadSet& set);
  void enter_call(std::uint32_t function, const ast::Call& call);
  Term report_unknown_function(const ast::Call& call);
  Term report_unfit_call(const ast::Call& call, const std::vector<OverloadSet>& sets);
  Term report_argument_count(const ast::Call& call, std::size_t least, std::size_t most);

  // inference_print.cc
  Term infer_print(const ast::Call& call, const PrintForm& form, Use use, Span span);
  void infer_formatted(const ast::Call& call);
  void require_delimiter(const ast::Call& call);
  bool infer_printed_histogram(const ast::Call& call, const PrintForm& form);

  // inference_operator.cc: everything that begins with @
  Term infer_operator(const ast::AtOperator& op, Span span);
  Term infer_extract(const ast::AtOperator& op, Span span);
  Term infer_bucket(const ast::Subscript& subscript, const ast::AtOperator& histogram);
  std::optional<std::uint32_t> infer_statistic(const ast::Expr& statistic, std::string_view why);
  std::optional<Histogram> linear_shape(const ast::AtOperator& op, Span span);
  std::optional<std::uint32_t> infer_histogram(const ast::AtOperator& op, Span span);
  void set_histogram(std::uint32_t global, const Histogram& histogram, Span span);
  void set_variance_shift(std::uint32_t global, const ast::AtOperator& op);
  Term refuse_operator(const ast::AtOperator& op, Span span);

  // inference_conflict.cc
  void require(const ast::Expr& expression, Type wanted, std::string_view why);
  void require(Term term, const ast::Expr& expression, Type wanted, std::string_view why);
  Diagnostic& conflict(Span span, std::string message, std::initializer_list<Side> sides);

  const Invocation& invocation_;
  const Prelude& prelude_;
  Symbols& symbols_;
  TypeTable& types_;
  Reporter& reporter_;

  std::deque<Unit> handlers_, functions_;
  std::vector<std::uint32_t> called_;  // functions, in the order of their first calls
  std::uint32_t uses_ = 0;             // of globals so far
  std::vector<CallWhileIterating> calls_while_iterating_;
  std::vector<ValueUse> value_uses_;

  // The place being looked at.
  Unit* unit_ = nullptr;
  bool in_condition_ = false;
  std::vector<IteratedGlobal> iterated_;
};

// How diagnostics call an expression: "`x`", "`a[...]`", "`f()`", "this".
std::string describe(const ast::Expr& expression);
std::string_view conversion_hint(Type have, Type wanted);
std::string_view with_article(Type type);  // "a long", "a string", "a statistic"

}  // namespace socktap::language::semantics
