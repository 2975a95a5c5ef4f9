#include "language/condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "language/condition_operand.h"
#include "language/literal.h"

namespace socktap::language {
namespace {

bool is_comparison(TokenKind kind) {
  return kind == TokenKind::less || kind == TokenKind::less_equal || kind == TokenKind::greater ||
         kind == TokenKind::greater_equal || kind == TokenKind::equal ||
         kind == TokenKind::not_equal;
}

class Condition {
 public:
  Condition(const std::vector<Token>& tokens, Span place, const SourceMap& sources,
            const Invocation& invocation, Diagnostics& diagnostics)
      : tokens_(tokens),
        place_(place),
        sources_(sources),
        invocation_(invocation),
        diagnostics_(diagnostics) {}

  bool holds() {
    const bool result = alternatives();
    if (!failed_ && at_ < tokens_.size())
      fail(tokens_[at_].span, "unexpected token in a condition");
    return result && !failed_;
  }

 private:
  TokenKind peek() const {
    return at_ < tokens_.size() ? tokens_[at_].kind : TokenKind::end_of_script;
  }
  bool accept(TokenKind kind) {
    if (failed_ || peek() != kind) return false;
    ++at_;
    return true;
  }

  void fail(Span span, std::string message) {
    fail({"bad-condition",
          Severity::parse_error,
          span,
          std::move(message),
          "compare kernel_v, kernel_vr, arch, CONFIG_..., systemtap_v, systemtap_privilege, "
          "guru_mode, runtime, numbers or strings",
          {}});
  }

  void fail(Diagnostic diagnostic) {
    if (!failed_ && !skipping_) diagnostics_.add(std::move(diagnostic));
    failed_ |= !skipping_;
  }

  // The right side of && and || is only looked at when it matters, so that
  // `$# > 0 && @1 == "x"` may ask for an argument that is not there.
  bool alternatives() {
    bool result = conjunction();
    while (accept(TokenKind::or_or)) {
      const bool outer = std::exchange(skipping_, skipping_ || result);
      const bool right = conjunction();
      skipping_ = outer;
      result = result || right;
    }
    return result;
  }

  bool conjunction() {
    bool result = comparison();
    while (accept(TokenKind::and_and)) {
      const bool outer = std::exchange(skipping_, skipping_ || !result);
      const bool right = comparison();
      skipping_ = outer;
      result = result && right;
    }
    return result;
  }

  bool comparison() {
    if (peek() == TokenKind::identifier && text() == "defined") return defined();
    const auto left = operand();
    if (!left) return false;
    if (!is_comparison(peek())) {
      fail(here(), "expected a comparison in a condition");
      return false;
    }
    const TokenKind op = tokens_[at_++].kind;
    const auto right = operand();
    if (!right || skipping_) return false;
    if (auto mistake = find_mistake(*left, *right)) {
      fail(mistake->span, std::move(mistake->message));
      return false;
    }
    return compare(*left, op, *right);
  }

  // defined($1), defined(@1): whether the command line gave the argument.
  bool defined() {
    ++at_;
    const bool open = accept(TokenKind::left_paren);
    const bool argument =
        peek() == TokenKind::argument_text || peek() == TokenKind::argument_string;
    if (!open || at_ == tokens_.size()) {
      fail(here(), "expected an argument or a macro in parentheses after `defined`");
      return false;
    }
    const std::size_t first = at_;
    while (at_ < tokens_.size() && peek() != TokenKind::right_paren) ++at_;
    const bool unknown =
        at_ == first + 1 && (argument || tokens_[first].kind == TokenKind::at_word);
    if (!accept(TokenKind::right_paren)) fail(here(), "expected `)` after `defined(...`");
    return !unknown;
  }

  std::optional<ConditionOperand> operand() {
    if (at_ == tokens_.size()) {
      fail(here(), "expected a value in a condition");
      return std::nullopt;
    }
    const Token& token = tokens_[at_];
    switch (token.kind) {
      case TokenKind::number:
        ++at_;
        return ConditionOperand{ConditionOperand::Kind::number,
                                number_value(sources_.text(token.span)).value,
                                {},
                                token.span};
      case TokenKind::minus:
        if (at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == TokenKind::number) {
          at_ += 2;
          const auto value = number_value(sources_.text(tokens_[at_ - 1].span)).value;
          return ConditionOperand{ConditionOperand::Kind::number,
                                  static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(value)),
                                  {},
                                  token.span};
        }
        break;
      case TokenKind::string: {
        std::string value;
        while (peek() == TokenKind::string) {
          value += string_value(sources_.text(tokens_[at_++].span));
        }
        return ConditionOperand{ConditionOperand::Kind::string, 0, std::move(value), token.span};
      }
      case TokenKind::argument_text:
      case TokenKind::argument_string:
        ++at_;
        fail(missing_argument(token, sources_, invocation_));
        if (!skipping_) return std::nullopt;
        return ConditionOperand{ConditionOperand::Kind::number, 0, {}, token.span};
      case TokenKind::identifier:
        return environment();
      default:
        break;
    }
    fail(token.span, "unexpected token in a condition");
    return std::nullopt;
  }

  std::optional<ConditionOperand> environment() {
    const Span span = here();
    const std::string name(text());
    const std::string& release = invocation_.kernel_release;
    ++at_;
    using Kind = ConditionOperand::Kind;
    if (name == "kernel_vr") return ConditionOperand{Kind::version, 0, release, span};
    if (name == "kernel_v") {
      return ConditionOperand{Kind::version, 0, release.substr(0, release.find('-')), span};
    }
    if (name == "systemtap_v")
      return ConditionOperand{Kind::version, 0, invocation_.systemtap_version, span};
    if (name == "arch") {
      return ConditionOperand{Kind::pattern, 0, script_architecture(invocation_.architecture),
                              span};
    }
    if (name == "runtime") return ConditionOperand{Kind::pattern, 0, "kernel", span};
    if (name == "systemtap_privilege") return ConditionOperand{Kind::pattern, 0, "stapdev", span};
    if (name == "guru_mode") return ConditionOperand{Kind::number, invocation_.guru, {}, span};
    if (name.rfind("CONFIG_", 0) == 0)
      return ConditionOperand{Kind::pattern, 0, kernel_option(name, span), span};
    fail(span, fmt::format("`{}` is nothing a condition can ask for", name));
    return std::nullopt;
  }

  // Once for a script.
  std::string kernel_option(const std::string& name, Span span) {
    if (invocation_.kernel_config) {
      const auto option = invocation_.kernel_config->find(name);
      return option == invocation_.kernel_config->end() ? "" : option->second;
    }
    constexpr DiagnosticName warning = "unknown-kernel-config";
    const auto is_said = [&](const Diagnostic& said) { return said.name == warning.text(); };
    if (skipping_ || std::ranges::any_of(diagnostics_.all(), is_said)) return "";
    diagnostics_.add({warning,
                      Severity::warning,
                      span,
                      fmt::format("this kernel does not tell how it was configured: {} counts as "
                                  "not set",
                                  name),
                      "looked for: /proc/config.gz (modprobe configs), /boot/config-RELEASE, "
                      "/lib/modules/RELEASE/config",
                      {}});
    return "";
  }

  std::string_view text() const { return sources_.text(tokens_[at_].span); }
  Span here() const { return at_ < tokens_.size() ? tokens_[at_].span : place_; }

  const std::vector<Token>& tokens_;
  Span place_;
  const SourceMap& sources_;
  const Invocation& invocation_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  bool failed_ = false;
  bool skipping_ = false;
};

}  // namespace

bool condition_holds(const std::vector<Token>& tokens, Span place, const SourceMap& sources,
                     const Invocation& invocation, Diagnostics& diagnostics) {
  return Condition(tokens, place, sources, invocation, diagnostics).holds();
}

std::string script_architecture(std::string_view machine) {
  constexpr std::pair<std::string_view, std::string_view> prefixes[] = {
      {"i486", "i386"},     {"i586", "i386"}, {"i686", "i386"},   {"amd64", "x86_64"},
      {"aarch64", "arm64"}, {"arm", "arm"},   {"ppc", "powerpc"}, {"powerpc", "powerpc"},
      {"s390", "s390"},     {"mips", "mips"}, {"riscv", "riscv"}, {"loongarch", "loongarch"}};
  if (machine == "arm64") return "arm64";
  for (const auto& [prefix, name] : prefixes) {
    if (machine.substr(0, prefix.size()) == prefix) return std::string(name);
  }
  return std::string(machine);
}

Diagnostic missing_argument(const Token& token, const SourceMap& sources,
                            const Invocation& invocation) {
  const std::string_view spelling = sources.text(token.span);
  const std::size_t count = invocation.arguments.size();
  return {"not-enough-arguments",
          Severity::parse_error,
          token.span,
          spelling.substr(1).find_first_not_of('0') == std::string_view::npos
              ? fmt::format("no such script argument: {}", spelling)
              : fmt::format("not enough script arguments: {} is used, {} given", spelling,
                            count == 0 ? "none" : std::to_string(count)),
          "arguments follow the script on the command line: socktap run SCRIPT ARGUMENT...",
          {}};
}

}  // namespace socktap::language
