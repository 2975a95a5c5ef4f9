#include "recording/reader.h"

#include <algorithm>
#include <limits>
#include <sstream>

#include "recording/schema.h"

namespace socktap::recording {
namespace {

using tapset::Operation;

constexpr std::int64_t longest_time = std::int64_t{1} << 62;  // ns, some 146 years

bool is_time(std::int64_t number) { return number >= 0 && number <= longest_time; }

std::string select_sql() {
  std::string sql = "SELECT late";
  for (const Column& column : columns()) sql += ", " + column.name;
  return sql + " FROM events ORDER BY id";
}

}  // namespace

Error Reader::broken(const std::string& what) const {
  return {"the recording " + path_ + " is broken: " + what,
          "`sqlite3 FILE .recover` may save what can be read"};
}

Result<Reader> Reader::open(const std::string& path) {
  auto database = Database::open(path);
  if (!database) return tl::unexpected(database.error());
  return begin(std::move(*database), path);
}

Result<Reader> Reader::from_bytes(std::string_view bytes) {
  auto database = Database::from_bytes(bytes);
  if (!database) return tl::unexpected(database.error());
  return begin(std::move(*database), "<memory>");
}

Result<Reader> Reader::begin(Database database, std::string path) {
  Reader reader(std::move(database), std::move(path));
  if (auto known = reader.check_kind(); !known) return tl::unexpected(known.error());
  if (auto read = reader.read_facts(); !read)
    return tl::unexpected(reader.broken(read.error().message));
  return reader;
}

Result<void> Reader::check_kind() {
  const auto id = database_.number("PRAGMA application_id");
  if (!id && !Database::is_foreign(id.error())) return tl::unexpected(broken(id.error().message));
  if (!id)
    return failure(path_ + " is no recording: " + id.error().message,
                   "recordings are made by `socktap record -o FILE`", id.error().code);
  if (*id != application_id)
    return failure(path_ + " is no recording, but some other SQLite database",
                   "recordings are made by `socktap record -o FILE`");
  const auto version = database_.number("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version != format_version)
    return failure("the recording " + path_ + " has the format " + std::to_string(*version) +
                       ", which this socktap does not know",
                   "it knows " + std::to_string(format_version));
  return {};
}

Result<void> Reader::read_facts() {
  // Tables, and not views of that name, which may run for ever.
  const auto tables = database_.number(
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
      "AND name IN ('meta', 'paths', 'losses', 'cgroups', 'events')");
  if (!tables) return tl::unexpected(tables.error());
  if (*tables != 5) return failure("it lacks tables");
  for (const auto& read : {&Reader::read_meta, &Reader::read_paths, &Reader::read_tables})
    if (auto done = (this->*read)(); !done) return done;
  const auto events = database_.number("SELECT coalesce(max(id), 0) FROM events");
  if (!events) return tl::unexpected(events.error());
  events_ = static_cast<std::uint64_t>(std::max<std::int64_t>(*events, 0));
  auto select = database_.prepare(select_sql());
  if (!select) return tl::unexpected(select.error());
  select_ = std::move(*select);
  return {};
}

Result<void> Reader::read_meta() {
  auto rows = database_.prepare("SELECT key, value FROM meta");
  if (!rows) return tl::unexpected(rows.error());
  for (;;) {
    const auto row = rows->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    const std::string key(rows->text(0));
    if (auto taken = take_meta(key, *rows); !taken) return taken;
  }
}

// What is not known is of a later socktap, which says so where it matters by its format.
Result<void> Reader::take_meta(std::string_view key, const Statement& row) {
  constexpr int value = 1;
  const std::pair<std::string_view, std::string*> texts[] = {{"program", &facts_.program},
                                                             {"kernel", &facts_.kernel},
                                                             {"machine", &facts_.machine},
                                                             {"source", &facts_.source},
                                                             {"command", &facts_.command}};
  for (const auto& [name, text] : texts)
    if (key == name) *text = row.text(value);
  std::istringstream words{std::string(row.text(value))};
  if (key == "points") {
    for (std::string word; words >> word;) facts_.points.push_back(word);
    return {};
  }
  if (key == "fields") {
    for (std::string word; words >> word;) {
      const auto* const name = std::ranges::find(tapset::field_names, word);
      if (name == std::end(tapset::field_names)) return failure("it has an unknown field " + word);
      facts_.fields.insert(static_cast<tapset::Field>(name - std::begin(tapset::field_names)));
    }
    return {};
  }
  const bool is_moment = key == "began" || key == "started" || key == "reached" || key == "ended";
  if (key == "file" && row.is_number(value))
    facts_.file = static_cast<std::uint64_t>(row.number(value));
  if (!is_moment && key != "target" && key != "realtime_offset") return {};
  if (!row.is_number(value) || (is_moment && !is_time(row.number(value))))
    return failure("its " + std::string(key) + " is no number that can be one");
  const std::int64_t number = row.number(value);
  if (key == "target") facts_.target = number;
  if (key == "realtime_offset") facts_.realtime_offset = number;
  const auto time = static_cast<std::uint64_t>(number);
  if (key == "began") moments_.began = time;
  if (key == "started") moments_.started = time;
  if (key == "reached") moments_.reached = time;
  if (key == "ended") moments_.ended = time;
  return {};
}

Result<void> Reader::read_paths() {
  auto rows =
      database_.prepare("SELECT operation, phase, way, strategy, verdict, driven, seen FROM paths");
  if (!rows) return tl::unexpected(rows.error());
  for (;;) {
    const auto row = rows->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    const std::int64_t operation = rows->number(0), phase = rows->number(1), way = rows->number(2);
    if (operation < 0 || operation >= tapset::operation_count || phase < 0 ||
        phase > SOCKTAP_CONCLUSION || way < 0 || way > SOCKTAP_PATH_READV)
      return failure("it has a path of an unknown kind");
    facts_.paths.push_back({static_cast<Operation>(operation), static_cast<tapset::Phase>(phase),
                            static_cast<tapset::Path>(way), std::string(rows->text(3)),
                            std::string(rows->text(4)), static_cast<std::uint64_t>(rows->number(5)),
                            static_cast<std::uint64_t>(rows->number(6))});
  }
}

Result<void> Reader::read_tables() {
  auto losses = database_.prepare("SELECT kind, count FROM losses");
  if (!losses) return tl::unexpected(losses.error());
  for (;;) {
    const auto row = losses->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    for (std::size_t i = 0; i < loss_kinds; ++i)
      if (const auto kind = static_cast<Loss>(i); losses->text(0) == name_of(kind))
        losses_[kind] = static_cast<std::uint64_t>(std::max<std::int64_t>(losses->number(1), 0));
  }
  auto cgroups = database_.prepare("SELECT id, path FROM cgroups");
  if (!cgroups) return tl::unexpected(cgroups.error());
  for (;;) {
    const auto row = cgroups->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    cgroups_[static_cast<std::uint64_t>(cgroups->number(0))] = cgroups->text(1);
  }
}

Result<void> Reader::store_columns(WholeEvent& whole) {
  for (int i = 0; const Column& column : columns()) {
    const int place = ++i;  // `late` comes first
    if (select_.is_null(place) || !applies(column, operation_of(whole.record))) continue;
    const bool stored = column.kind != Column::Kind::number
                            ? store(column, select_.text(place), whole)
                        : select_.is_number(place) ? store(column, select_.number(place), whole)
                                                   : false;
    if (!stored) return failure("the column " + column.name + " has a value that it cannot have");
  }
  return {};
}

Result<bool> Reader::next(WholeEvent& whole, std::uint64_t& ready) {
  const auto place = [this] { return "event " + std::to_string(read_ + 1) + ": "; };
  const auto row = select_.next();
  if (!row) return tl::unexpected(broken(place() + row.error().message));
  if (!*row) return false;
  whole = {};
  constexpr int operation = 1;  // the first of columns()
  const std::int64_t kind = select_.number(operation);
  if (kind < 0 || kind >= tapset::operation_count || kind == SOCKTAP_SYSTEM_CALL)
    return tl::unexpected(broken(place() + "it is of an unknown kind"));
  whole.record.operation = static_cast<__u8>(kind);
  if (auto stored = store_columns(whole); !stored)
    return tl::unexpected(broken(place() + stored.error().message));
  const std::int64_t late = select_.is_null(0) ? 0 : select_.number(0);
  const auto time = static_cast<std::int64_t>(whole.record.time);
  if (!is_well_formed(whole.record) || !is_time(time) || !is_time(late))
    return tl::unexpected(broken(place() + "it is not well-formed"));
  ready = whole.record.time + static_cast<std::uint64_t>(late);
  ++read_;
  return true;
}

}  // namespace socktap::recording
