#include "sinks/json_line.h"

#include <nlohmann/json.hpp>

#include "sinks/json_text.h"

namespace socktap::sinks {

std::string json_line(std::string_view type, const nlohmann::ordered_json& data) {
  std::string line = "{\"type\":";
  append_json(type, line);
  line += ",\"data\":";
  return line + json_text(data) + "}\n";
}

std::string json_text(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace socktap::sinks
