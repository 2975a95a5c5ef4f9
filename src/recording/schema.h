// The tables of a recording.
#pragma once

#include <cstdint>
#include <string>

namespace socktap::recording {

// In SQLite's header, by which file(1) and the reader know a recording: "sktp", and the format.
inline constexpr std::int64_t application_id = 0x736b7470;
inline constexpr std::int64_t format_version = 1;

// What makes the tables, the names of numbers and the view `named`.
std::string schema_sql();

}  // namespace socktap::recording
