#include "sinks/json_line.h"

#include <nlohmann/json.hpp>

#include "sinks/json_text.h"

namespace socktap::sinks {

std::string json_line(std::string_view type, const nlohmann::ordered_json& data) {
  std::string line = "{\"type\":";
  append_json(type, line);
  line += ",\"data\":";
  line += data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return line + "}\n";
}

}  // namespace socktap::sinks
