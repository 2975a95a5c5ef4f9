#include "sinks/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/overloaded.h"

namespace socktap::sinks {
namespace {

bool is_plain(char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

void append_json(std::string_view text, std::string& out) {
  if (!std::ranges::all_of(text, is_plain)) {
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

void JsonObject::append(const std::vector<Attribute>& attributes, const ShownEvent& event,
                        std::string& out) {
  char separator = '{';
  for (const Attribute& attribute : attributes) {
    const AttributeValue value = attribute.value(event, room_);
    if (std::holds_alternative<std::monostate>(value)) continue;
    out += separator;
    separator = ',';
    out += '"';
    out += attribute.name;
    out += "\":";
    std::visit(Overloaded{[](std::monostate) {},
                          [&](std::int64_t number) {
                            if (attribute.type != AttributeType::time) {
                              fmt::format_to(std::back_inserter(out), "{}", number);
                              return;
                            }
                            out += '"';
                            clock_.append_rfc3339(number, out);
                            out += '"';
                          },
                          [&](bool truth) { out += truth ? "true" : "false"; },
                          [&](std::string_view text) { append_json(text, out); }},
               value);
  }
  if (separator == '{') out += '{';
  out += '}';
}

}  // namespace socktap::sinks
