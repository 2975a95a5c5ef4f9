#include "vm/globals.h"

#include "vm/text.h"

namespace socktap::vm {

Globals::Globals(const Code& code, const Limits& limits, std::uint64_t secret) {
  for (const GlobalSlot& global : code.globals) {
    const language::Global& declared = global.declaration;
    if (declared.is_array()) {
      arrays.emplace_back(declared, limits.max_map_entries, secret);
    } else if (declared.type == Type::stats) {
      statistics.emplace_back();
      shapes.push_back(shape_of(declared));
    } else if (declared.type == Type::string) {
      const auto* initial = std::get_if<std::string>(&declared.initial);
      texts.emplace_back(initial != nullptr ? cut(*initial, limits.max_text()) : "");
    } else {
      const auto* initial = std::get_if<std::int64_t>(&declared.initial);
      numbers.push_back(initial != nullptr ? *initial : 0);
    }
  }
}

}  // namespace socktap::vm
