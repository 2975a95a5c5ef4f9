#include "recording/schema.h"

#include <fmt/format.h>

#include <iterator>
#include <span>
#include <string_view>

#include "base/errno_names.h"
#include "recording/columns.h"
#include "socktap/tapset.h"

namespace socktap::recording {
namespace {

std::string text_literal(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) literal.append(c == '\'' ? 2 : 1, c);
  return literal + "'";
}

void add_name(std::string_view kind, std::int64_t number, std::string_view name, std::string& sql) {
  fmt::format_to(std::back_inserter(sql), "INSERT INTO names VALUES({}, {}, {});\n",
                 text_literal(kind), number, text_literal(name));
}

void add_names(std::string_view kind, std::span<const NumberName> table, std::string& sql) {
  for (const NumberName& row : table) add_name(kind, row.number, row.name, sql);
}

void add_all_names(std::string& sql) {
  for (int i = 0; i < tapset::operation_count; ++i)
    add_name("operation", i, tapset::name_of(static_cast<tapset::Operation>(i)), sql);
  for (const tapset::Phase phase : {tapset::Phase::begin, tapset::Phase::conclusion})
    add_name("phase", static_cast<int>(phase), tapset::name_of(phase), sql);
  for (int i = 0; i <= static_cast<int>(tapset::Path::readv); ++i)
    add_name("way", i, tapset::name_of(static_cast<tapset::Path>(i)), sql);
  add_names("family", families, sql);
  add_names("type", types, sql);
  add_names("protocol", protocols, sql);
  add_names("state", states, sql);
  constexpr std::uint64_t largest_errno = 4095;
  for (std::uint64_t code = 1; code <= largest_errno; ++code)
    if (const std::string_view name = errno_name(code); !name.empty())
      add_name("errno", static_cast<std::int64_t>(code), name, sql);
}

// Columns whose numbers have names are shown as these, all others as they are.
constexpr std::string_view named_columns[] = {"operation", "phase",    "way",  "family",
                                              "type",      "protocol", "state"};

std::string view_sql() {
  constexpr std::string_view second = "1000000000";
  std::string sql = "CREATE VIEW named AS SELECT id,\n";
  const auto end = std::back_inserter(sql);
  constexpr std::string_view moment =
      "(e.time + (SELECT value FROM meta WHERE key = 'realtime_offset'))";
  fmt::format_to(
      end,
      "  strftime('%Y-%m-%dT%H:%M:%S', {0} / {1}, 'unixepoch') || printf('.%09dZ', {0} % "
      "{1}) AS time",
      moment, second);
  for (const Column& column : columns()) {
    if (column.name == "time") continue;
    const bool has_name = std::ranges::find(named_columns, column.name) != std::end(named_columns);
    if (has_name)
      fmt::format_to(end,
                     ",\n  coalesce((SELECT name FROM names WHERE kind = '{0}' AND number = "
                     "e.{0}), e.{0}) AS {0}",
                     column.name);
    if (!has_name) fmt::format_to(end, ",\n  e.{0} AS {0}", column.name);
  }
  sql +=
      ",\n  CASE WHEN e.success = 0 THEN (SELECT name FROM names WHERE kind = 'errno' AND number = "
      "-min(coalesce(e.size, 0), coalesce(e.err, 0))) END AS error\nFROM events e;\n";
  return sql;
}

}  // namespace

std::string schema_sql() {
  std::string sql = fmt::format(
      "PRAGMA application_id = {};\nPRAGMA user_version = {};\n"
      "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;\n"
      "CREATE TABLE names(kind TEXT, number INTEGER, name TEXT, PRIMARY KEY(kind, number)) "
      "WITHOUT ROWID;\n"
      "CREATE TABLE paths(operation INTEGER, phase INTEGER, way INTEGER, strategy TEXT, verdict "
      "TEXT, driven INTEGER, seen INTEGER);\n"
      "CREATE TABLE losses(kind TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID;\n"
      "CREATE TABLE cgroups(id INTEGER PRIMARY KEY, path TEXT);\n"
      "CREATE TABLE events(id INTEGER PRIMARY KEY, late INTEGER",
      application_id, format_version);
  for (const Column& column : columns())
    fmt::format_to(std::back_inserter(sql), ", {} {}", column.name,
                   column.kind == Column::Kind::number ? "INTEGER" : "TEXT");
  sql += ");\n";
  add_all_names(sql);
  return sql + view_sql();
}

}  // namespace socktap::recording
