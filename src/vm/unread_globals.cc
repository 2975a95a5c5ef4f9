#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "vm/array_order.h"
#include "vm/globals.h"

namespace socktap::vm {
namespace {

using Out = std::back_insert_iterator<std::string>;

// In quotes, but its bytes as they are.
void quote(std::string_view text, std::string& out) {
  out += '"';
  out += text;
  out += '"';
}

void statistic(const Statistic& statistic, std::string& out) {
  if (statistic.empty()) {
    out += " @count=0x0";  // as SystemTap writes that 0
    return;
  }
  fmt::format_to(Out(out), " @count={} @min={} @max={} @sum={} @avg={}", statistic.count(),
                 statistic.min(), statistic.max(), statistic.sum(), statistic.avg());
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
  std::vector<const GlobalSlot*> unread;
  for (const GlobalSlot& global : code.globals) {
    if (global.declaration.is_shown_at_end) unread.push_back(&global);
  }
  std::ranges::stable_sort(unread, {},
                           [](const GlobalSlot* global) { return global->declaration.first_use; });
  std::string out;
  for (const GlobalSlot* global : unread) {
    if (global->declaration.is_array()) {
      elements(global->declaration.name, globals.arrays[global->slot], out);
    } else {
      scalar(*global, globals, out);
    }
  }
  return out;
}

}  // namespace socktap::vm
