#include "socktap/tapset.h"

namespace socktap {
namespace {

std::string joined_names(std::span<const NumberName> table, std::int64_t flags) {
  std::string names;
  for (const NumberName& row : table) {
    if ((flags & row.number) == 0) continue;
    if (!names.empty()) names += '|';
    names += row.name;
  }
  return names;
}

}  // namespace

std::string socket_flag_names(std::int64_t flags) { return joined_names(socket_flags, flags); }
std::string message_flag_names(std::int64_t flags) { return joined_names(message_flags, flags); }

}  // namespace socktap
