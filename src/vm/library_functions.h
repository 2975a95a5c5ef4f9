// One C++ function for each row of tapset/functions.def, by the row's id; library.cc makes a table
// of them. Each finds as many arguments as its row allows and leaves its result as library.h says.
#pragma once

#include "vm/library.h"

namespace socktap::vm::library {

// The entry of `key` in what a function remembers by key, made if there is none. Scripts choose the
// keys, so there are as many as of an array without a size: null, and the run-time error raised,
// where there is no room.
template <typename Map>
typename Map::mapped_type* remembered(LibraryCall& call, Map& map,
                                      const typename Map::key_type& key) {
  const auto found = map.find(key);
  if (found != map.end()) return &found->second;
  if (static_cast<std::int64_t>(map.size()) >= call.limits.max_map_entries) {
    call.error = "Array overflow, check MAXMAPENTRIES";
    return nullptr;
  }
  return &map[key];
}

// A result as text, in base 1 (decimal), 2 (hex) or 3 (octal); errors with their name.
void append_result(std::int64_t base, std::int64_t result, std::string& out);

#define SOCKTAP_FUNCTION(id, ...) void id(LibraryCall& call);
#include "tapset/functions.def"
#undef SOCKTAP_FUNCTION

}  // namespace socktap::vm::library
