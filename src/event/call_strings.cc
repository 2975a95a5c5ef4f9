// Strings and buffers of a task, quoted as SystemTap quotes them.
#include <algorithm>

#include "base/escape.h"
#include "event/call_rendering.h"

namespace socktap::rendering {

using tapset::CallVariable;

namespace {

constexpr std::size_t text_limit = 511;   // of a string in SystemTap
constexpr std::size_t buffer_limit = 50;  // of a buffer, with its quotes
constexpr std::string_view ellipsis = "...";

// With "..." also where the text is only the captured beginning of a longer one.
std::string quoted_text(std::string_view text, bool cut) {
  std::string out;
  append_escaped(text, text_limit, true, out);
  if (cut && !out.ends_with("\"...")) out += ellipsis;
  return out;
}

struct Captured {
  std::string_view text;
  bool cut;
};

Captured up_to_zero(std::string_view bytes) {
  const std::size_t end = bytes.find('\0');
  return {bytes.substr(0, end), end == std::string_view::npos};
}

}  // namespace

std::string quoted(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  if (!memory.read) return hex(memory.address);
  const auto [text, cut] = up_to_zero(memory.bytes);
  return quoted_text(text, cut);
}

std::string unquoted(const CallVariable& variable, const CallView& view) {
  return std::string(up_to_zero(memory_of(variable, view).bytes).text);
}

std::string quoted_start(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  if (!memory.read) return hex(memory.address);
  return quoted_text(up_to_zero(memory.bytes).text.substr(0, buffer_limit), false);
}

std::string unquoted_start(const CallVariable& variable, const CallView& view) {
  return std::string(up_to_zero(memory_of(variable, view).bytes).text.substr(0, buffer_limit));
}

std::string buffer(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  if (!memory.read) return hex(memory.address);
  std::string out;
  append_escaped(memory.bytes, buffer_limit, true, out);
  return out;
}

// Other than elsewhere in hexadecimal, and without the zero byte that ends a string.
std::string xattr_value(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  std::string_view bytes = memory.bytes.substr(0, buffer_limit);
  if (!memory.read || bytes.empty()) return hex(memory.address);
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (bytes.size() > 1 && bytes.back() == '\0' && is_printable(bytes[bytes.size() - 2])) {
    bytes.remove_suffix(1);
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : bytes) {
    if (is_printable(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
  }
  return out + '"';
}

std::string strings(const CallVariable& variable, const CallView& view) {
  const CallMemory memory = memory_of(variable, view);
  if (memory.address == 0) return "[]";
  if (!memory.read) return "[" + hex(memory.address) + "]";
  std::string out = "[";
  for (std::string_view rest = memory.bytes; !rest.empty();) {
    const auto [text, cut] = up_to_zero(rest);
    if (out.size() > 1) out += ", ";
    out += quoted_text(text, cut);
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
  }
  return out + ']';
}

std::string empty(const CallVariable&, const CallView&) { return {}; }

}  // namespace socktap::rendering
