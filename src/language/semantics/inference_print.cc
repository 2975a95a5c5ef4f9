// print and its kin.
#include <fmt/format.h>

#include "language/literal.h"
#include "language/print_format.h"
#include "language/semantics/inference.h"
#include "language/semantics/statistic_names.h"

namespace socktap::language::semantics {
namespace {

// What one argument of a format must be.
struct FormatArgument {
  Type type;
  std::string what;  // as diagnostics call it: "`%-10s`", "the * of `%*d`"
  bool is_memory = false;
};

std::vector<FormatArgument> arguments_of(const PrintFormat& format, std::string_view text) {
  std::vector<FormatArgument> arguments;
  for (const PrintFormat::Piece& piece : format.pieces) {
    const Conversion& conversion = piece.conversion;
    const std::string_view spelled =
        text.substr(conversion.begin, conversion.end - conversion.begin);
    for (const FormatSize& size : {conversion.width, conversion.precision})
      if (size.kind == FormatSize::Kind::argument)
        arguments.push_back({Type::number, fmt::format("the * of `{}`", spelled)});
    const bool is_memory = conversion.kind == Conversion::Kind::memory ||
                           conversion.kind == Conversion::Kind::memory_hex;
    arguments.push_back({conversion.argument(), fmt::format("`{}`", spelled), is_memory});
  }
  return arguments;
}

}  // namespace

Term Inference::infer_print(const ast::Call& call, const PrintForm& form, Use use, Span span) {
  const Term result = form.to_string ? Term::known(Type::string) : Term::wrong();
  if (use == Use::value && !form.to_string)
    reporter_.error("no-value", span, fmt::format("`{}` prints and has no value", form.name),
                    fmt::format("s{} makes a string", form.name));
  if (form.has_format) {
    infer_formatted(call);
    return result;
  }
  if (infer_printed_histogram(call, form)) return result;
  const std::size_t least = form.has_delimiter ? 3 : (form.newline ? 0 : 1);
  if (call.arguments.size() < least)
    reporter_.error("wrong-argument-count", call.name_span,
                    form.has_delimiter
                        ? fmt::format("`{}` takes a delimiter and two values or more", form.name)
                        : fmt::format("`{}` takes the values to print", form.name));
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (form.has_delimiter && i == 0)
      require_delimiter(call);
    else
      infer(*call.arguments[i]);
  }
  return result;
}

void Inference::require_delimiter(const ast::Call& call) {
  if (std::holds_alternative<ast::String>(call.arguments[0]->node)) return;
  reporter_.error("delimiter-not-literal", call.arguments[0]->span,
                  fmt::format("the delimiter of `{}` must be a string literal", call.function));
}

// print(@hist_log(s)) and its kin: the only ones that take a whole histogram.
bool Inference::infer_printed_histogram(const ast::Call& call, const PrintForm& form) {
  if (form.has_delimiter || call.arguments.size() != 1) return false;
  const auto* op = std::get_if<ast::AtOperator>(&call.arguments[0]->node);
  if (op == nullptr || !is_histogram(op->name)) return false;
  infer_histogram(*op, call.arguments[0]->span);
  return true;
}

void Inference::infer_formatted(const ast::Call& call) {
  const auto* format =
      call.arguments.empty() ? nullptr : std::get_if<ast::String>(&call.arguments[0]->node);
  std::vector<Term> terms;
  for (std::size_t i = format != nullptr ? 1 : 0; i < call.arguments.size(); ++i)
    terms.push_back(infer(*call.arguments[i]));
  if (format == nullptr) {
    const bool any = !call.arguments.empty();
    reporter_.error("format-not-literal", any ? call.arguments[0]->span : call.name_span,
                    fmt::format("the format of `{}` must be a string literal", call.function),
                    any ? "print(s) prints any string" : "");
    return;
  }
  const auto parsed = parse_print_format(format->value);
  if (!parsed) {
    reporter_.error("bad-format", call.arguments[0]->span,
                    fmt::format("{}: {}", parsed.error().message,
                                quoted(format->value.substr(parsed.error().position))));
    return;
  }
  const std::vector<FormatArgument> wanted = arguments_of(*parsed, format->value);
  if (wanted.size() != terms.size()) {
    reporter_.error("wrong-argument-count", call.name_span,
                    fmt::format("the format takes {} argument{}, but {} given", wanted.size(),
                                wanted.size() == 1 ? "" : "s",
                                terms.size() == 1 ? "1 is" : fmt::format("{} are", terms.size())));
    return;
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const ast::Expr& argument = *call.arguments[i + 1];
    if (wanted[i].is_memory && types_.type_of(terms[i]) == Type::number)
      reporter_.error(
          "unsupported-conversion", argument.span,
          fmt::format("{} of a number reads memory at that address, which is not offered",
                      wanted[i].what),
          "of a string it prints the bytes");
    else
      require(terms[i], argument, wanted[i].type, wanted[i].what);
  }
}

}  // namespace socktap::language::semantics
