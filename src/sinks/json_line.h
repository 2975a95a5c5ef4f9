// A line of what machines read, of a value that is put together for it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace socktap::sinks {

// {"type": ..., "data": ...} and the end of the line. Bytes that are not UTF-8 become U+FFFD.
std::string json_line(std::string_view type, const nlohmann::ordered_json& data);

// Any value on one line.
std::string json_text(const nlohmann::ordered_json& value);

}  // namespace socktap::sinks
