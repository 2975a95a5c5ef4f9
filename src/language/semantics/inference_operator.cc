// Everything that begins with @: statistics, histograms, questions about the script, and what is
// refused.
#include <fmt/format.h>

#include "language/semantics/folding.h"
#include "language/semantics/inference.h"
#include "language/semantics/point_name.h"
#include "language/semantics/refusals.h"
#include "language/semantics/statistic_names.h"

namespace socktap::language::semantics {
namespace {

constexpr std::int64_t most_buckets = 1'000;
constexpr std::int64_t most_shift = 62;

}  // namespace

Term Inference::infer_operator(const ast::AtOperator& op, Span span) {
  if (find_stat_function(op.name)) return infer_extract(op, span);
  if (op.name == "@defined" || op.name == "@probewrite") {
    if (op.arguments.size() != 1)
      reporter_.error("wrong-argument-count", span, fmt::format("{} takes one argument", op.name));
    return Term::known(Type::number);
  }
  if (is_histogram(op.name)) {
    infer_histogram(op, span);
    reporter_.error("histogram-as-value", span, "a whole histogram is no value",
                    "print it, index it, or iterate it by foreach");
    return Term::wrong();
  }
  const auto entry = symbols_.entry_values.find(&op);
  if (entry != symbols_.entry_values.end())
    return entry->second == nullptr ? Term::wrong() : infer(*entry->second);
  return refuse_operator(op, span);
}

Term Inference::refuse_operator(const ast::AtOperator& op, Span span) {
  const Refusal* refusal = find_refused_operator(op.name);
  reporter_.error_once(
      "unsupported-operator", span,
      fmt::format(
          "{} is not supported: {}", op.name,
          refusal != nullptr ? refusal->reason : "it works on the kernel's types or on procfs"),
      std::string(refusal != nullptr ? refusal->hint : ""));
  return Term::wrong();
}

Term Inference::infer_extract(const ast::AtOperator& op, Span span) {
  const bool is_variance = *find_stat_function(op.name) == StatFunction::variance;
  const std::size_t most = is_variance ? 2 : 1;
  if (op.arguments.empty() || op.arguments.size() > most) {
    reporter_.error(
        "wrong-argument-count", span,
        fmt::format("{} takes a statistic{}", op.name, is_variance ? " and a bit shift" : ""));
    return Term::known(Type::number);
  }
  const auto global = infer_statistic(*op.arguments[0], op.name);
  if (is_variance && global) set_variance_shift(*global, op);
  return Term::known(Type::number);
}

// The global that is, or holds, the statistic an operator asks; nullopt if there is none, reported.
std::optional<std::uint32_t> Inference::infer_statistic(const ast::Expr& statistic,
                                                        std::string_view why) {
  const auto* subscript = std::get_if<ast::Subscript>(&statistic.node);
  const auto* name =
      std::get_if<ast::Name>(subscript != nullptr ? &subscript->base->node : &statistic.node);
  if (name == nullptr) {
    reporter_.error("not-a-statistic", statistic.span,
                    fmt::format("{} needs a statistic: a global, or an element of one", why));
    return std::nullopt;
  }
  require(infer_place(statistic, Access::extract), statistic, Type::stats, why);
  const auto global = symbols_.global_by_name.find(name->text);
  if (global == symbols_.global_by_name.end()) return std::nullopt;
  return global->second;
}

void Inference::set_variance_shift(std::uint32_t global, const ast::AtOperator& op) {
  std::int64_t shift = 0;
  if (op.arguments.size() == 2) {
    const auto literal = literal_number(op.arguments[1].get());
    if (!literal || *literal < 0 || *literal > most_shift) {
      reporter_.error(
          "bad-variance-shift", op.arguments[1]->span,
          fmt::format("the bit shift of @variance must be a number literal from 0 to {}",
                      most_shift));
      return;
    }
    shift = *literal;
  }
  GlobalSymbol& symbol = symbols_.globals[global];
  if (!symbol.variance_shift) symbol.variance_shift = shift;
}

// low, high and width of @hist_linear; nullopt if they are no shape, reported.
std::optional<Histogram> Inference::linear_shape(const ast::AtOperator& op, Span span) {
  std::int64_t numbers[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const auto literal = literal_number(op.arguments[i + 1].get());
    if (!literal) {
      reporter_.error("bad-histogram", op.arguments[i + 1]->span,
                      "low, high and width must be number literals");
      return std::nullopt;
    }
    numbers[i] = *literal;
  }
  const auto [low, high, width] = numbers;
  const auto range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (width > 0 && high >= low && range / static_cast<std::uint64_t>(width) <= most_buckets)
    return Histogram{Histogram::Kind::linear, low, high, width};
  reporter_.error(
      "bad-histogram", span,
      fmt::format("a linear histogram needs low <= high, a width above 0, and at most {} "
                  "buckets",
                  most_buckets));
  return std::nullopt;
}

// The statistic a histogram is of; its shape is noted. nullopt if something is wrong, reported.
std::optional<std::uint32_t> Inference::infer_histogram(const ast::AtOperator& op, Span span) {
  const bool linear = op.name == "@hist_linear";
  if (op.arguments.size() != (linear ? 4U : 1U)) {
    reporter_.error("wrong-argument-count", span,
                    linear ? "@hist_linear takes a statistic, low, high and the buckets' width"
                           : "@hist_log takes a statistic");
    return std::nullopt;
  }
  const auto global = infer_statistic(*op.arguments[0], op.name);
  if (!global) return std::nullopt;
  const auto shape =
      linear ? linear_shape(op, span) : std::optional(Histogram{Histogram::Kind::log});
  if (!shape) return std::nullopt;
  set_histogram(*global, *shape, span);
  return global;
}

void Inference::set_histogram(std::uint32_t global, const Histogram& histogram, Span span) {
  GlobalSymbol& symbol = symbols_.globals[global];
  if (symbol.histogram.kind == Histogram::Kind::none) {
    symbol.histogram = histogram;
    symbol.histogram_at = span;
    return;
  }
  if (symbol.histogram == histogram) return;
  reporter_
      .error("histogram-conflict", span,
             fmt::format("`{}` has two different histograms: one is all a variable can keep",
                         symbol.declaration->name),
             "add the values to a second variable too")
      .notes.push_back({symbol.histogram_at, "the other is here"});
}

Term Inference::infer_bucket(const ast::Subscript& subscript, const ast::AtOperator& histogram) {
  if (!is_histogram(histogram.name)) {
    reporter_.error("not-an-array", subscript.base->span,
                    fmt::format("{} has no elements", histogram.name));
    return Term::wrong();
  }
  infer_histogram(histogram, subscript.base->span);
  if (subscript.keys.size() != 1 || !subscript.keys[0])
    reporter_.error("arity-mismatch", subscript.base->span,
                    "a histogram has one index: the bucket");
  else
    require(*subscript.keys[0], Type::number, "a bucket's index");
  return Term::known(Type::number);
}

}  // namespace socktap::language::semantics
