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

// An object that has these and no others; "a?" need not be there.
Json object_of(const std::vector<std::pair<std::string, Json>>& members) {
  Json required = Json::array(), properties = Json::object();
  for (auto [name, type] : members) {
    const bool is_optional = name.ends_with('?');
    if (is_optional) name.pop_back();
    if (!is_optional) required.push_back(name);
    properties[name] = type;
  }
  return {{"type", "object"},
          {"required", required},
          {"additionalProperties", false},
          {"properties", properties}};
}

Json list_of(const Json& type) { return {{"type", "array"}, {"items", type}}; }
Json objects_by_name(const Json& type) {
  return {{"type", "object"}, {"additionalProperties", type}};
}
Json one_of(std::vector<std::string> words) { return {{"enum", std::move(words)}}; }

const Json a_text = {{"type", "string"}}, a_number = {{"type", "integer"}},
           a_truth = {{"type", "boolean"}}, some_seconds = {{"type", "number"}};
const Json buckets =
    list_of(object_of({{"min", a_number}, {"max", a_number}, {"count", a_number}}));

Json schema_of_summary() {
  const Json totals = object_of({{"sent.messages", a_number},
                                 {"sent.bytes", a_number},
                                 {"received.messages", a_number},
                                 {"received.bytes", a_number},
                                 {"failures", a_number}});
  return object_of(
      {{"duration", some_seconds},
       {"total", totals},
       {"by_process", objects_by_name(totals)},
       {"by_family", objects_by_name(totals)},
       {"by_protocol", objects_by_name(totals)},
       {"errors",
        list_of(object_of({{"event.name", a_text}, {"error.type", a_text}, {"count", a_number}}))},
       {"sent_sizes", buckets},
       {"received_sizes", buckets},
       {"send_times", buckets},
       {"receive_times", buckets}});
}

// The labels are those of its view.
Json schema_of_top() {
  return object_of({{"time", {{"type", "string"}, {"format", "date-time"}}},
                    {"interval", some_seconds},
                    {"by", one_of({"process", "socket", "peer", "family", "cgroup"})},
                    {"process.executable.name?", a_text},
                    {"process.pid?", a_number},
                    {"local?", a_text},
                    {"remote?", a_text},
                    {"peer?", a_text},
                    {"family?", a_text},
                    {"type?", a_text},
                    {"protocol?", a_text},
                    {"cgroup.path?", a_text},
                    {"sent.messages", a_number},
                    {"sent.bytes", a_number},
                    {"sent.mean_latency", a_number},
                    {"sent.max_latency", a_number},
                    {"received.messages", a_number},
                    {"received.bytes", a_number},
                    {"received.mean_latency", a_number},
                    {"received.max_latency", a_number},
                    {"failures", a_number},
                    {"sizes", buckets}});
}

Json schema_of_handler() {
  return object_of({{"points", list_of(a_text)},
                    {"place", a_text},
                    {"runs", one_of({"kernel", "user"})},
                    {"finds_merged?", a_truth},
                    {"kept?", list_of(a_text)},
                    {"kept_by_thread?", list_of(a_text)},
                    {"conditions?", list_of(a_text)},
                    {"fields?", list_of(a_text)},
                    {"reasons?", list_of(object_of({{"reason", a_text}, {"place", a_text}}))}});
}

// Of what doctor says.
Json schema_of_host() {
  return object_of(
      {{"kernel", a_text},
       {"machine", a_text},
       {"btf", a_truth},
       {"cgroups", one_of({"none", "v1", "hybrid", "v2"})},
       {"lockdown", a_text},
       {"unprivileged_bpf_disabled", a_number},
       {"perf_event_paranoid", a_number},
       {"io_uring_disabled", a_number},
       {"program_types",
        list_of(object_of(
            {{"type", a_text}, {"works", a_truth}, {"reason", a_text}, {"remedy", a_text}}))}});
}
Json schema_of_path() {
  return object_of(
      {{"source", one_of({"ebpf", "ptrace"})},
       {"operation", a_text},
       {"phase", a_text},
       {"path", a_text},
       {"strategy", a_text},
       {"verdict", a_text},
       {"made", a_number},
       {"seen", a_number},
       {"missed", list_of(a_text)},
       {"refusals",
        list_of(object_of({{"strategy", a_text}, {"reason", a_text}, {"remedy", a_text}}))}});
}

// Of the commands that write no run's output.
std::vector<Json> records_of_commands() {
  return {
      record("summary", schema_of_summary()),
      record("top", schema_of_top()),
      record("recording", object_of({{"events", a_number}, {"files", list_of(a_text)}})),
      record("probe_point", object_of({{"name", a_text},
                                       {"variables?", objects_by_name(one_of({"long", "string"}))},
                                       {"help?", a_text}})),
      record("variable", object_of({{"name", a_text}, {"type", a_text}, {"help", a_text}})),
      record("function", object_of({{"name", a_text},
                                    {"type", a_text},
                                    {"parameters", list_of(a_text)},
                                    {"help", a_text}})),
      record("handler", schema_of_handler()),
      record("host", schema_of_host()),
      record("source", object_of({{"source", one_of({"ebpf", "ptrace"})},
                                  {"limits", list_of(a_text)},
                                  {"refusal", a_text},
                                  {"remedy", a_text}})),
      record("path", schema_of_path()),
  };
}

std::string schema() {
  Json kinds = Json::array();
  for (const Loss loss :
       {Loss::buffer_full, Loss::map_full, Loss::recursion, Loss::missed, Loss::blind_path})
    kinds.push_back(name_of(loss));
  const Json counted = object_of({{"events", a_number}, {"kind", {{"enum", kinds}}}});
  Json records = {record(type_of(RecordKind::event), schema_of_events()),
                  record(type_of(RecordKind::output), a_text),
                  record(type_of(RecordKind::warning), a_text),
                  record(type_of(RecordKind::error), a_text),
                  record(type_of(RecordKind::loss), counted),
                  record(type_of(RecordKind::attached), object_of({{"probes", a_number}}))};
  for (const Json& other : records_of_commands()) records.push_back(other);
  const Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                       {"title", "A line of what socktap writes with -f json"},
                       {"type", "object"},
                       {"required", {"type", "data"}},
                       {"additionalProperties", false},
                       {"properties", {{"type", a_text}, {"data", Json::object()}}},
                       {"oneOf", records}};
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
