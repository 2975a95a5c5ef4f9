// Strings, their conversions to and from numbers, and what regular expressions matched.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/escape.h"
#include "vm/library_functions.h"
#include "vm/library_state.h"

namespace socktap::vm::library {
namespace {

constexpr bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

// 16 if it is none.
constexpr std::uint64_t hex_digit(char c) {
  if (is_decimal_digit(c)) return static_cast<std::uint64_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint64_t>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<std::uint64_t>(c - 'A') + 10;
  return 16;
}

constexpr bool starts_hex(std::string_view text) {
  return text.size() > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

// As the kernel reads numbers: no blanks and no plus sign before it, digits up to f whatever the
// base, overflow wraps. Base 0 takes the number's own prefix.
std::int64_t parse_number(std::string_view text, std::uint64_t base) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (base == 0) {
    base = 10;
    if (text.starts_with('0')) {
      const bool hex = starts_hex(text) && text.size() > 2 && hex_digit(text[2]) < 16;
      base = hex ? 16 : 8;
    }
  }
  if (base == 16 && starts_hex(text)) text.remove_prefix(2);
  std::uint64_t number = 0;
  for (const char c : text) {
    const std::uint64_t digit = hex_digit(c);
    if (digit >= std::min<std::uint64_t>(base, 16)) break;
    number = number * base + digit;
  }
  return static_cast<std::int64_t>(negative ? 0 - number : number);
}

// The next token that is not empty, as strsep() cuts them.
std::string_view next_token(LibraryState::Tokens& tokens, std::string_view delimiters) {
  while (!tokens.done) {
    const std::string_view rest = std::string_view(tokens.text).substr(tokens.next);
    const std::size_t end = rest.find_first_of(delimiters);
    tokens.done = end == std::string_view::npos;
    const std::string_view token = rest.substr(0, end);
    if (!tokens.done) tokens.next += end + 1;
    if (!token.empty()) return token;
  }
  return {};
}

// Four characters that say how much of a larger unit: "1.50", "12.3", "1023".
void append_scaled(LibraryCall& call, std::int64_t whole, std::int64_t rest, char unit) {
  auto out = std::back_inserter(call.text);
  if (whole < 10) {
    fmt::format_to(out, "{}.{:02}{}", whole, rest * 100 / 1024, unit);
  } else if (whole < 100) {
    fmt::format_to(out, "{}.{}{}", whole, rest * 10 / 1024, unit);
  } else {
    fmt::format_to(out, "{:4}{}", whole, unit);
  }
}

void append_bytes(LibraryCall& call, std::int64_t bytes) {
  if (bytes < 1024) {
    fmt::format_to(std::back_inserter(call.text), "{:5}", bytes);
    return;
  }
  std::int64_t rest = 0;
  for (const char unit : {'K', 'M', 'G'}) {
    rest = bytes % 1024;
    bytes /= 1024;
    if (bytes < 1024 || unit == 'G') return append_scaled(call, bytes, rest, unit);
  }
}

}  // namespace

void strlen(LibraryCall& call) {
  call.number = static_cast<std::int64_t>(call.arguments[0].text.size());
}

void substr(LibraryCall& call) {
  const std::string_view text = call.arguments[0].text;
  const std::int64_t start = call.arguments[1].number;
  const std::int64_t length = call.arguments[2].number;
  if (start < 0 || start >= static_cast<std::int64_t>(text.size()) || length <= 0) return;
  if (length == INT64_MAX) return;  // one more, which SystemTap asks for, wraps
  call.text = text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(length));
}

void stringat(LibraryCall& call) {
  const std::string_view text = call.arguments[0].text;
  const std::int64_t position = call.arguments[1].number;
  if (position < 0 || position >= static_cast<std::int64_t>(text.size())) {
    call.error = "Position out of bounds";
    return;
  }
  const auto byte = static_cast<unsigned char>(text[static_cast<std::size_t>(position)]);
  call.number = byte < 0x80 ? byte : byte - 0x100;  // a char, which has a sign there
}

void isinstr(LibraryCall& call) {
  call.number = call.arguments[0].text.find(call.arguments[1].text) != std::string_view::npos;
}

void strpos(LibraryCall& call) {
  const std::size_t position = call.arguments[0].text.find(call.arguments[1].text);
  call.number = position == std::string_view::npos ? -1 : static_cast<std::int64_t>(position);
}

void str_replace(LibraryCall& call) {
  std::string_view rest = call.arguments[0].text;
  const std::string_view wanted = call.arguments[1].text;
  while (!wanted.empty() && call.text.size() <= call.limits.max_text()) {
    const std::size_t at = rest.find(wanted);
    if (at == std::string_view::npos) break;
    call.text += rest.substr(0, at);
    call.text += call.arguments[2].text;
    rest.remove_prefix(at + wanted.size());
  }
  call.text += rest;
}

void strtol(LibraryCall& call) {
  const auto base = static_cast<std::uint32_t>(call.arguments[1].number);
  call.number = parse_number(call.arguments[0].text, base);
}

void isdigit(LibraryCall& call) {
  const std::string_view text = call.arguments[0].text;
  call.number = !text.empty() && is_decimal_digit(text[0]) ? 1 : 0;
}

// With an empty string, or the delimiters alone, it goes on in the string before.
void tokenize(LibraryCall& call) {
  LibraryState::Tokens& tokens = call.state.tokens();
  if (call.arguments.size() == 2 && !call.arguments[0].text.empty()) {
    tokens.text = call.arguments[0].text;
    tokens.next = 0;
    tokens.done = false;
  }
  call.text = next_token(tokens, call.arguments.back().text);
}

void text_str(LibraryCall& call) {
  append_escaped(call.arguments[0].text, call.limits.max_text(), false, call.text);
}

void text_strn(LibraryCall& call) {
  const std::int64_t wanted = call.arguments[1].number;
  const std::size_t max = call.limits.max_text();
  const std::size_t limit = wanted <= 0 ? max : std::min(max, static_cast<std::size_t>(wanted));
  append_escaped(call.arguments[0].text, limit, call.arguments[2].number != 0, call.text);
}

void string_quoted(LibraryCall& call) {
  append_escaped(call.arguments[0].text, call.limits.max_text(), true, call.text);
}

void bytes_to_string(LibraryCall& call) { append_bytes(call, call.arguments[0].number); }
void mem_page_size(LibraryCall& call) { call.number = ::sysconf(_SC_PAGESIZE); }
void pages_to_string(LibraryCall& call) {
  const auto pages = static_cast<std::uint64_t>(call.arguments[0].number);
  const auto page_size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  append_bytes(call, static_cast<std::int64_t>(pages * page_size));
}

void matched(LibraryCall& call) {
  const std::int64_t group = call.arguments[0].number;
  const bool failed = call.state.groups() == 0;
  if (group >= static_cast<std::int64_t>(call.state.matched_groups()) || (group < 0 && !failed)) {
    call.error = fmt::format("Attempted to get nonexistent subexpression {}", group);
  } else if (failed) {
    call.error = fmt::format("Attempted to get subexpression {} from failed match", group);
  } else {
    call.text = call.state.group(static_cast<std::size_t>(group));
  }
}

void matched_str(LibraryCall& call) {
  const Argument whole{.number = 0, .text = {}};
  call.arguments = {&whole, 1};
  matched(call);
}

void ngroups(LibraryCall& call) {
  call.number = static_cast<std::int64_t>(call.state.groups());
  if (call.number == 0) call.error = "Attempted to get subexpression count from failed match";
}

}  // namespace socktap::vm::library
