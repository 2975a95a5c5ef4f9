// docs/output.schema.json, and the table of attributes in docs/output.md, are what the formats
// write. With SOCKTAP_WRITE_TABLES they are made.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sinks/attributes.h"
#include "sinks/record_types.h"

namespace socktap::sinks {
namespace {

using Json = nlohmann::ordered_json;

const std::string folder = SOCKTAP_SOURCE_DIR "/docs/";

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Of all points but the system calls', whose variables are many.
std::vector<Attribute> all_attributes() {
  std::vector<Attribute> all;
  for (const tapset::ProbePoint& point : tapset::probe_points()) {
    if (point.operation == tapset::Operation::call) continue;
    for (const Attribute& attribute : attributes_of(point)) {
      const auto known = std::ranges::find(all, attribute.name, &Attribute::name);
      if (known == all.end()) all.push_back(attribute);
    }
  }
  return all;
}

Json types_of(std::string_view name) {
  std::map<std::string, bool> types;
  for (const tapset::ProbePoint& point : tapset::probe_points())
    for (const Attribute& attribute : attributes_of(point)) {
      if (attribute.name != name) continue;
      const char* const types_by_kind[] = {"string", "integer", "boolean", "string"};
      types[types_by_kind[static_cast<std::size_t>(attribute.type)]] = true;
    }
  if (types.size() == 1) return types.begin()->first;
  Json list = Json::array();
  for (const auto& [type, used] : types) list.push_back(type);
  return list;
}

Json schema_of_events() {
  Json properties = Json::object();
  for (const Attribute& attribute : all_attributes()) {
    Json& property = properties[std::string(attribute.name)];
    property = {{"type", types_of(attribute.name)}, {"description", attribute.help}};
    if (attribute.type == AttributeType::time) property["format"] = "date-time";
  }
  Json names = Json::array();
  for (const auto& [name, property] : properties.items()) names.push_back(name);
  return {{"type", "object"},
          {"required", {"time", "event.name", "process.pid"}},
          {"properties", properties},
          {"if", {{"properties", {{"event.name", {{"pattern", "^(nd_)?syscall"}}}}}}},
          {"then", {{"description", "system calls have variables of their own"}}},
          {"else", {{"propertyNames", {{"enum", names}}}}}};
}

Json record(std::string_view type, const Json& data) {
  return {{"properties", {{"type", {{"const", type}}}, {"data", data}}}};
}

std::string schema() {
  Json kinds = Json::array();
  for (const Loss loss :
       {Loss::buffer_full, Loss::map_full, Loss::recursion, Loss::missed, Loss::blind_path})
    kinds.push_back(name_of(loss));
  const Json text = {{"type", "string"}};
  const Json counted = {
      {"type", "object"},
      {"required", {"events", "kind"}},
      {"additionalProperties", false},
      {"properties", {{"events", {{"type", "integer"}}}, {"kind", {{"enum", kinds}}}}}};
  const Json probes = {{"type", "object"},
                       {"required", {"probes"}},
                       {"additionalProperties", false},
                       {"properties", {{"probes", {{"type", "integer"}}}}}};
  const Json schema = {
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", "A line of what `socktap run -f json` and `trace -f json` write"},
      {"type", "object"},
      {"required", {"type", "data"}},
      {"additionalProperties", false},
      {"properties", {{"type", text}, {"data", Json::object()}}},
      {"oneOf",
       {record(type_of(RecordKind::event), schema_of_events()),
        record(type_of(RecordKind::output), text), record(type_of(RecordKind::warning), text),
        record(type_of(RecordKind::error), text), record(type_of(RecordKind::loss), counted),
        record(type_of(RecordKind::attached), probes)}}};
  return schema.dump(2) + "\n";
}

std::string table() {
  std::string text = "| attribute | what it is |\n| --- | --- |\n";
  for (const Attribute& attribute : all_attributes())
    text.append("| `").append(attribute.name).append("` | ").append(attribute.help).append(" |\n");
  return text;
}

// The page with the table between its marks.
std::string page_with(const std::string& page, const std::string& table) {
  const std::string begin = "<!-- attributes -->\n", end = "<!-- end of attributes -->\n";
  const std::size_t from = page.find(begin), to = page.find(end);
  EXPECT_NE(from, std::string::npos);
  EXPECT_NE(to, std::string::npos);
  return page.substr(0, from + begin.size()) + table + page.substr(to);
}

void expect_in_file(const std::string& name, const std::string& text) {
  if (std::getenv("SOCKTAP_WRITE_TABLES") != nullptr) std::ofstream(folder + name) << text;
  EXPECT_EQ(read_file(folder + name), text) << "`make tables` writes it";
}

TEST(OutputPage, HasTheSchema) { expect_in_file("output.schema.json", schema()); }

TEST(OutputPage, HasAllAttributes) {
  expect_in_file("output.md", page_with(read_file(folder + "output.md"), table()));
}

}  // namespace
}  // namespace socktap::sinks
