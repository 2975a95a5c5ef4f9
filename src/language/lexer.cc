// Text to tokens. Everything that can be wrong with a single token is said here, so that later
// phases may trust spellings: strings end in a quote, numbers have a value.
#include <fmt/format.h>

#include <array>

#include "language/language.h"
#include "language/literal.h"

namespace socktap::language {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
constexpr bool is_word(char c) { return is_word_start(c) || is_digit(c); }
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct Punctuator {
  std::string_view spelling;
  TokenKind kind;
};

constexpr Punctuator punctuators[] = {
#define TOKEN(kind, title)
#define PUNCTUATOR(kind, spelling) {spelling, TokenKind::kind},
#define KEYWORD(kind, spelling)
#include "language/token.def"
};
constexpr std::size_t punctuator_count = std::size(punctuators);

class Lexer {
 public:
  Lexer(std::string_view text, std::uint32_t source) : text_(text), source_(source) {
    tokens_.reserve(text.size() / 4);
  }

  Outcome<std::vector<Token>> run() {
    for (skip_blanks(); at_ < text_.size() && faults_.error_count() < max_errors; skip_blanks()) {
      token();
    }
    if (faults_.has_errors()) return {std::nullopt, std::move(faults_)};
    return {std::move(tokens_), std::move(faults_)};
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool starts_with(std::string_view prefix) const {
    return text_.substr(at_, prefix.size()) == prefix;
  }

  Span span_from(std::size_t begin) const {
    return {source_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
  }

  void emit(TokenKind kind, std::size_t begin) {
    const bool glued = !tokens_.empty() && tokens_.back().span.end == begin;
    tokens_.push_back({kind, glued, span_from(begin)});
  }

  void fault(DiagnosticName name, Span span, std::string message, std::string hint = {},
             Severity severity = Severity::parse_error) {
    faults_.add({name, severity, span, std::move(message), std::move(hint), {}});
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        ++at_;
      } else if (text_[at_] == '#' || starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (starts_with("/*")) {
        skip_past("*/", "unterminated-comment", "comment is not closed", "close it with `*/`");
      } else {
        return;
      }
    }
  }

  // Moves behind the next `close`; to the end, with a fault, when there is none.
  void skip_past(std::string_view close, DiagnosticName name, std::string_view message,
                 std::string_view hint) {
    const std::size_t begin = at_;
    const std::size_t found = text_.find(close, at_ + 2);
    if (found != std::string_view::npos) {
      at_ = found + close.size();
      return;
    }
    at_ = begin + 2;
    fault(name, span_from(begin), std::string(message), std::string(hint));
    at_ = text_.size();
  }

  void token() {
    const char c = text_[at_];
    if (c == '$' && (is_digit(peek(1)) || peek(1) == '#')) {
      argument(TokenKind::argument_text, TokenKind::argument_count);
    } else if (c == '@') {
      at_sign();
    } else if (is_word_start(c)) {
      word();
    } else if (is_digit(c)) {
      number();
    } else if (c == '"') {
      string();
    } else if (starts_with("%{")) {
      const std::size_t begin = at_;
      skip_past("%}", "unterminated-embedded-c", "embedded C is not closed", "close it with `%}`");
      emit(TokenKind::embedded_c, begin);
    } else {
      punctuator();
    }
  }

  void argument(TokenKind numbered, TokenKind count) {
    const std::size_t begin = at_++;
    if (peek() == '#') {
      ++at_;
      emit(count, begin);
      return;
    }
    while (is_digit(peek())) ++at_;
    emit(numbered, begin);
  }

  void at_sign() {
    if (is_digit(peek(1)) || peek(1) == '#') {
      argument(TokenKind::argument_string, TokenKind::argument_count_string);
    } else if (is_word_start(peek(1)) && peek(1) != '$') {
      const std::size_t begin = at_++;
      while (is_word(peek())) ++at_;
      emit(TokenKind::at_word, begin);
    } else {
      unknown_character();
    }
  }

  void word() {
    const std::size_t begin = at_;
    while (is_word(peek())) ++at_;
    emit(text_[begin] == '$' ? TokenKind::target_name : word_kind(text_.substr(begin, at_ - begin)),
         begin);
  }

  void number() {
    const std::size_t begin = at_;
    while (is_word(peek()) && peek() != '$') ++at_;
    const std::string_view spelling = text_.substr(begin, at_ - begin);
    switch (number_value(spelling).fault) {
      case NumberFault::malformed:
        fault("bad-number", span_from(begin), fmt::format("`{}` is not a number", spelling),
              "numbers are decimal, 0x hexadecimal or 0 octal; names cannot begin with a digit");
        break;
      case NumberFault::too_large:
        fault("number-too-large", span_from(begin),
              fmt::format("`{}` does not fit into 64 bits", spelling));
        break;
      case NumberFault::none:
        break;
    }
    emit(TokenKind::number, begin);
  }

  void string() {
    const std::size_t begin = at_++;
    bool escapes = false;
    while (at_ < text_.size() && peek() != '"' && peek() != '\n') {
      if (peek() == '\\') {
        escapes = true;
        ++at_;
      }
      ++at_;
    }
    at_ = std::min(at_, text_.size());
    if (peek() != '"') {
      fault("unterminated-string", span_from(begin), "string is not closed",
            "close it with `\"` in the same line; write a newline as \\n");
      return;
    }
    ++at_;
    emit(TokenKind::string, begin);
    if (escapes) check_escapes(begin);
  }

  void check_escapes(std::size_t begin) {
    std::vector<EscapeFault> escape_faults;
    const std::string_view spelling = text_.substr(begin, at_ - begin);
    string_value(spelling, &escape_faults);
    for (const EscapeFault& escape : escape_faults) {
      const Span span{source_, static_cast<std::uint32_t>(begin + escape.begin),
                      static_cast<std::uint32_t>(begin + escape.end)};
      const std::string text(spelling.substr(escape.begin, escape.end - escape.begin));
      if (escape.fatal) {
        fault("bad-escape", span, fmt::format("bad escape `{}` in a string", text),
              "\\x takes one or two hexadecimal digits, octal escapes go up to \\377");
      } else {
        fault("unknown-escape", span, fmt::format("unknown escape `{}` in a string", text),
              fmt::format("it means `{}`; write `\\{}` for a backslash", text.substr(1), text),
              Severity::warning);
      }
    }
  }

  void punctuator() {
    for (std::size_t i = first_punctuator(text_[at_]); i < punctuator_count; ++i) {
      const Punctuator& candidate = punctuators[i];
      if (starts_with(candidate.spelling)) {
        const std::size_t begin = at_;
        at_ += candidate.spelling.size();
        emit(candidate.kind, begin);
        return;
      }
    }
    unknown_character();
  }

  // Where in the table the first punctuator that begins with `c` is.
  static std::size_t first_punctuator(char c) {
    static constexpr auto starts = [] {
      std::array<std::uint8_t, 128> table{};
      table.fill(punctuator_count);
      for (std::size_t i = punctuator_count; i-- > 0;) {
        table[static_cast<unsigned char>(punctuators[i].spelling[0])] =
            static_cast<std::uint8_t>(i);
      }
      return table;
    }();
    const auto byte = static_cast<unsigned char>(c);
    return byte < starts.size() ? starts[byte] : punctuator_count;
  }

  // One fault for a run of bytes that belong to no token: a UTF-8 sequence, binary data.
  void unknown_character() {
    const std::size_t begin = at_++;
    while (static_cast<unsigned char>(peek()) >= 0x80) ++at_;
    const std::string_view bytes = text_.substr(begin, at_ - begin);
    const bool curly_quote = bytes.substr(0, 2) == "\xe2\x80";
    const auto first = static_cast<unsigned char>(bytes[0]);
    fault("unknown-character", span_from(begin),
          first > 0x20 && first != 0x7f ? fmt::format("unexpected character `{}`", bytes)
                                        : fmt::format("unexpected character \\x{:02x}", first),
          curly_quote ? "write plain quotes: \"" : "");
  }

  std::string_view text_;
  std::uint32_t source_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  Diagnostics faults_;
};

}  // namespace

Outcome<std::vector<Token>> lex(const SourceMap& sources, std::uint32_t source) {
  return Lexer(sources.text(source), source).run();
}

}  // namespace socktap::language
