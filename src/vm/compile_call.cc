// Calls: the script's functions, the library's, the print family.
#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "event/event_part.h"
#include "language/print_format.h"
#include "vm/output_buffer.h"
#include "vm/routine_compiler.h"

namespace socktap::vm {

using tapset::Function;

namespace {

// Its errors are what the script says, without a place.
bool speaks_for_script(Function function) {
  return function == Function::error || function == Function::assert_that;
}

// Texts gather in front of the value that comes next.
class PrintSiteBuilder {
 public:
  void text(std::string_view text) { next_.before += text; }

  void value(PrintPiece piece) {
    piece.before = std::move(next_.before);
    add(std::move(piece));
    next_ = {};
  }

  PrintSite finish() {
    if (!next_.before.empty()) add(std::move(next_));
    return std::move(site_);
  }

 private:
  void add(PrintPiece piece) {
    site_.most += piece.before.size();
    if (piece.kind == PrintPiece::Kind::number) site_.most += longest_number;
    if (piece.kind == PrintPiece::Kind::text) site_.texts.push_back(piece.index);
    site_.pieces.push_back(std::move(piece));
  }

  PrintSite site_;
  PrintPiece next_;
};

PrintPiece piece_of(Operand value) {
  const bool is_text = value.kind == Operand::Kind::text;
  return {.kind = is_text ? PrintPiece::Kind::text : PrintPiece::Kind::number,
          .index = value.index};
}

// Nearly all conversions of nearly all scripts are %s or %d.
bool is_just_the_value(const language::Conversion& conversion) {
  using Kind = language::Conversion::Kind;
  return conversion.is_plain() &&
         (conversion.kind == Kind::string || conversion.kind == Kind::signed_decimal);
}

}  // namespace

// What is a part of the occasion is read in place.
bool RoutineCompiler::inline_call(Function function, Operand to) {
  if (function == Function::pp) {
    builder_.emit(Opcode::point_text, to.index);
    return true;
  }
  const auto part = part_of(function);
  if (!part) return false;
  if (const auto* clock = std::get_if<EventClock>(&*part)) {
    const bool since_boot = clock->since == EventClock::Since::boot;
    builder_.emit(since_boot ? Opcode::monotonic : Opcode::realtime, to.index, clock->unit);
  } else {
    load_event(std::get<FieldLayout>(*part), to);
  }
  return true;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::LibraryCall& node,
                                    Into into) {
  const Operand to = expr.type == Type::none ? Operand{} : result(expr, into);
  if (inline_call(node.function, to)) return to;
  if (node.function == Function::matched || node.function == Function::ngroups) {
    builder_.code().keeps_groups = true;
  }
  const auto mark = builder_.mark();
  const std::uint32_t arguments = builder_.list(evaluate_all(node.arguments));
  auto& sites = builder_.code().library_sites;
  sites.push_back({node.function, arguments});
  if (!speaks_for_script(node.function))
    builder_.fault_site(FaultSite::Kind::identifier, tapset::row(node.function).name, expr.span);
  const Opcode opcode = expr.type == Type::none     ? Opcode::library_nothing
                        : expr.type == Type::string ? Opcode::library_text
                                                    : Opcode::library_number;
  builder_.emit(opcode, to.index, static_cast<std::uint32_t>(sites.size() - 1));
  builder_.release(mark);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Call& node, Into into) {
  const Operand to = expr.type == Type::none ? Operand{} : result(expr, into);
  const auto mark = builder_.mark();
  emit_call(node.function, evaluate_all(node.arguments), to,
            {0, FaultSite::Kind::identifier, program_.functions[node.function].name, expr.span});
  builder_.release(mark);
  return to;
}

void RoutineCompiler::emit_call(std::uint32_t function, OperandList arguments, Operand to,
                                const FaultSite& site) {
  const language::Function& callee = program_.functions[function];
  const std::uint32_t list = builder_.list(std::move(arguments));
  builder_.fault_site(site.kind, site.token, site.span);
  const Opcode opcode = callee.result == Type::none     ? Opcode::call_nothing
                        : callee.result == Type::string ? Opcode::call_text
                                                        : Opcode::call_number;
  builder_.emit(opcode, to.index, function, list);
}

// Only print takes a whole histogram, and handles it itself.
Operand RoutineCompiler::expression(const Expr& expr, const language::HistogramText&, Into into) {
  return result(expr, into);
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Print& node, Into into) {
  const Operand to = node.to_string ? result(expr, into) : Operand{};
  const auto mark = builder_.mark();
  const std::uint32_t site = print_site(node, expr.span);
  if (node.to_string) {
    builder_.emit(Opcode::sprint, to.index, site);
  } else {
    builder_.emit(Opcode::print, site);
  }
  builder_.release(mark);
  return to;
}

std::uint32_t RoutineCompiler::print_site(const language::Print& print, Span span) {
  PrintSite site = print.format ? formatted(print) : listed(print);
  const bool draws = std::any_of(site.pieces.begin(), site.pieces.end(), [](const auto& piece) {
    return piece.kind == PrintPiece::Kind::histogram;
  });
  if (draws) builder_.fault_site(FaultSite::Kind::statement, {}, span);
  auto& sites = builder_.code().print_sites;
  sites.push_back(std::move(site));
  return static_cast<std::uint32_t>(sites.size() - 1);
}

// Of printf and sprintf.
PrintSite RoutineCompiler::formatted(const language::Print& print) {
  const auto format = language::parse_print_format(*print.format);
  assert(format);  // checked
  const OperandList values = evaluate_all(print.arguments);
  PrintSiteBuilder site;
  auto next = values.begin();
  for (const auto& [text, conversion] : format->pieces) {
    site.text(text);
    const auto end = next + static_cast<std::ptrdiff_t>(conversion.arguments().size());
    if (is_just_the_value(conversion)) {
      site.value(piece_of(*next));
    } else {
      site.value({.kind = PrintPiece::Kind::conversion,
                  .index = builder_.list({next, end}),
                  .conversion = conversion});
    }
    next = end;
  }
  site.text(format->tail);
  return site.finish();
}

// Of the others. A literal is no value: of any length, but as in C nothing behind a zero byte.
PrintSite RoutineCompiler::listed(const language::Print& print) {
  using Piece = std::variant<std::string, PrintPiece>;
  const auto piece_before = [&](const Expr& expr, bool writes_follow) -> Piece {
    if (const auto* literal = std::get_if<language::StringLiteral>(&expr.node))
      return literal->value.c_str();
    if (const auto* histogram = std::get_if<language::HistogramText>(&expr.node))
      return PrintPiece{.kind = PrintPiece::Kind::histogram,
                        .histogram = statistic_place(histogram->statistic, writes_follow)};
    return piece_of(evaluate_before(expr, writes_follow));
  };
  PrintSiteBuilder site;
  const auto add = [&site](const Piece& piece) {
    std::visit(Overloaded{[&site](const std::string& text) { site.text(text); },
                          [&site](const PrintPiece& value) { site.value(value); }},
               piece);
  };
  std::optional<Piece> delimiter;
  const std::vector<language::ExprPtr>& values = print.arguments;
  const std::vector<bool> writes = writes_locals_behind(values);
  if (print.delimiter) delimiter = piece_before(*print.delimiter, false);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (delimiter && i > 0) add(*delimiter);
    add(piece_before(*values[i], writes[i]));
  }
  if (print.newline) site.text("\n");
  return site.finish();
}

}  // namespace socktap::vm
