#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "vm/array_order.h"
#include "vm/globals.h"

namespace socktap::vm {
namespace {

using Out = std::back_insert_iterator<std::string>;

// As SystemTap prints a string here; unlike language::quoted() it leaves no byte above 0x7e as it
// is.
void quote(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte >= 0x7f) {
      fmt::format_to(Out(out), "\\{:03o}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

void statistic(const Statistic& statistic, std::string& out) {
  const bool empty = statistic.empty();
  fmt::format_to(Out(out), " @count={} @min={} @max={} @sum={} @avg={}", statistic.count(),
                 empty ? 0 : statistic.min(), empty ? 0 : statistic.max(), statistic.sum(),
                 empty ? 0 : statistic.avg());
}

void key(const Array& array, Array::Entry entry, std::string& out) {
  for (std::size_t column = 0; column < array.key_types().size(); ++column) {
    out += column == 0 ? '[' : ',';
    if (array.key_types()[column] == Type::string) {
      quote(array.key_text(entry, column), out);
    } else {
      fmt::format_to(Out(out), "{}", array.key_number(entry, column));
    }
  }
  out += ']';
}

void elements(const std::string& name, Array& array, std::string& out) {
  const Array& read = array;
  sort(array, {ArrayOrder::By::value, 0, language::StatFunction::count, true});
  for (auto entry = read.first(); entry != Array::none; entry = read.next(entry)) {
    out += name;
    key(read, entry, out);
    switch (read.value_type()) {
      case Type::stats:
        statistic(read.statistic(entry), out);
        break;
      case Type::string:
        out += '=';
        quote(read.text(entry), out);
        break;
      default:
        fmt::format_to(Out(out), "={}", read.number(entry));
    }
    out += '\n';
  }
}

void scalar(const GlobalSlot& global, const Globals& globals, std::string& out) {
  out += global.declaration.name;
  switch (global.declaration.type) {
    case Type::stats:
      statistic(globals.statistics[global.slot], out);
      break;
    case Type::string:
      out += '=';
      quote(globals.texts[global.slot], out);
      break;
    default:
      fmt::format_to(Out(out), "={}", globals.numbers[global.slot]);
  }
  out += '\n';
}

}  // namespace

std::string unread_globals(const Code& code, Globals& globals) {
  std::string out;
  for (const GlobalSlot& global : code.globals) {
    const language::Global& declared = global.declaration;
    if (!declared.is_written || declared.is_read) continue;
    if (declared.is_array()) {
      elements(declared.name, globals.arrays[global.slot], out);
    } else {
      scalar(global, globals, out);
    }
  }
  return out;
}

}  // namespace socktap::vm
