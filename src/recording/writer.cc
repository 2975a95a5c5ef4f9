#include "recording/writer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "recording/recording_files.h"
#include "recording/schema.h"

namespace socktap::recording {
namespace {

// Whether a file may be replaced: it is empty, or a recording.
bool is_replaceable(int file) {
  struct stat status {};
  return (::fstat(file, &status) == 0 && status.st_size == 0) || is_recording(file);
}

// The file, empty, and nobody else's while the descriptor is open.
Result<UniqueFd> claim(const std::string& path) {
  if (path.empty()) return failure("the recording has no name", "-o FILE");
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644));
  if (!file.valid()) return system_failure("cannot write the recording " + path, errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return failure(path + " is no file", "a recording is a database, which needs one");
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return failure(path + " is being recorded", "choose another name, or wait for its end");
  if (!is_replaceable(file.get()))
    return failure(path + " exists and is no recording", "remove it, or choose another name");
  if (::ftruncate(file.get(), 0) != 0)
    return system_failure("cannot replace the recording " + path, errno);
  return file;
}

std::string field_list(tapset::FieldSet fields) {
  std::string list;
  for (int i = 0; i < tapset::field_count; ++i) {
    const auto field = static_cast<tapset::Field>(i);
    if (!fields.contains(field) || fields_without_columns().contains(field)) continue;
    if (!list.empty()) list += ' ';
    list += tapset::field_names[static_cast<std::size_t>(i)];
  }
  return list;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

// A bound parameter's place, counted from 1: `late` is the first.
constexpr int late_parameter = 1;

std::string insert_sql(std::span<const Column> columns) {
  std::string names = "INSERT INTO events(late";
  std::string values = ") VALUES(?";
  for (const Column& column : columns) {
    names += ", " + column.name;
    values += ", ?";
  }
  return names + values + ")";
}

}  // namespace

Result<Writer> Writer::create(const std::string& path, const Facts& facts) {
  auto file = claim(path);
  if (!file) return tl::unexpected(file.error());
  auto database = Database::create(path);
  if (!database) return tl::unexpected(database.error());
  Writer writer(std::move(*file), std::move(*database));
  for (int i = 0; const Column& column : columns()) {
    ++i;
    if (!column.field || facts.fields.contains(*column.field))
      writer.bound_.push_back({late_parameter + i, &column});
  }
  if (auto made = writer.make_tables(facts); !made) return tl::unexpected(made.error());
  return writer;
}

Result<void> Writer::make_tables(const Facts& facts) {
  // A page of events is written twice, to the log and to its place; power may fail, which loses the
  // last moments, not the file.
  if (auto set = database_.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN");
      !set)
    return set;
  if (auto made = database_.execute(schema_sql()); !made) return made;
  if (auto prepared = prepare(); !prepared) return prepared;
  const std::pair<std::string_view, std::string_view> texts[] = {{"program", facts.program},
                                                                 {"kernel", facts.kernel},
                                                                 {"machine", facts.machine},
                                                                 {"source", facts.source},
                                                                 {"command", facts.command}};
  for (const auto& [key, text] : texts)
    if (auto set = set_meta(key, text); !set) return set;
  if (auto set = set_meta("fields", field_list(facts.fields)); !set) return set;
  if (auto set = set_meta("points", joined(facts.points)); !set) return set;
  if (auto set = set_meta("target", facts.target); !set) return set;
  if (auto set = set_meta("realtime_offset", facts.realtime_offset); !set) return set;
  if (facts.file)
    if (auto set = set_meta("file", static_cast<std::int64_t>(*facts.file)); !set) return set;
  auto insert = database_.prepare("INSERT INTO paths VALUES(?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  for (const RecordedPath& path : facts.paths) {
    insert->bind(1, static_cast<std::int64_t>(path.operation));
    insert->bind(2, static_cast<std::int64_t>(path.phase));
    insert->bind(3, static_cast<std::int64_t>(path.path));
    insert->bind(4, path.strategy);
    insert->bind(5, path.verdict);
    insert->bind(6, static_cast<std::int64_t>(path.driven));
    insert->bind(7, static_cast<std::int64_t>(path.seen));
    if (auto added = insert->run(); !added) return added;
  }
  in_transaction_ = true;
  if (auto committed = commit(); !committed) return committed;
  // So that the file says by itself what it is.
  return database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<void> Writer::prepare() {
  const std::pair<Statement*, std::string> statements[] = {
      {&insert_, insert_sql(columns())},
      {&meta_, "INSERT OR REPLACE INTO meta VALUES(?, ?)"},
      {&loss_, "INSERT OR REPLACE INTO losses VALUES(?, ?)"},
      {&cgroup_, "INSERT OR REPLACE INTO cgroups VALUES(?, ?)"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = database_.prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return {};
}

void Writer::bind(int parameter, const Column& column, const Event& event) {
  switch (column.kind) {
    case Column::Kind::number:
      return insert_.bind(parameter, load(event, column.layout));
    case Column::Kind::text: {
      const std::string_view text = text_at(event, column.layout.offset, column.layout.width);
      bytes_ += text.size();
      return insert_.bind(parameter, text);
    }
    case Column::Kind::address: {
      char* const room = addresses_[column.field == tapset::Field::local_address ? 0 : 1];
      const void* const address = reinterpret_cast<const char*>(&event) + column.layout.offset;
      if (::inet_ntop(tail_of(event).address_family, address, room, sizeof addresses_[0]) ==
          nullptr)
        return insert_.bind_null(parameter);
      bytes_ += std::string_view(room).size();
      return insert_.bind(parameter, std::string_view(room));
    }
  }
}

Result<void> Writer::add(const ShownEvent& shown) {
  constexpr std::uint64_t number_bytes = 3;  // that a number takes, about
  if (!in_transaction_) {
    if (auto begun = database_.execute("BEGIN"); !begun) return begun;
    in_transaction_ = true;
  }
  const Event& event = *shown.event;
  // Whoever replays it must not see it earlier than it was seen.
  if (event.time <= shown.reached) {
    insert_.bind(late_parameter, static_cast<std::int64_t>(shown.reached + 1 - event.time));
  } else {
    insert_.bind_null(late_parameter);
  }
  for (const Bound& bound : bound_) {
    if (applies(*bound.column, operation_of(event)))
      bind(bound.parameter, *bound.column, event);
    else
      insert_.bind_null(bound.parameter);
  }
  ++events_;
  bytes_ += number_bytes * bound_.size();
  return insert_.run();
}

Result<void> Writer::commit() {
  if (!in_transaction_) return {};
  in_transaction_ = false;
  return database_.execute("COMMIT");
}

Result<void> Writer::set_meta(std::string_view key, std::int64_t number) {
  meta_.bind(1, key);
  meta_.bind(2, number);
  return meta_.run();
}

Result<void> Writer::set_meta(std::string_view key, std::string_view text) {
  meta_.bind(1, key);
  meta_.bind(2, text);
  return meta_.run();
}

Result<void> Writer::set(const Moments& moments) {
  if (auto set = set_meta("began", static_cast<std::int64_t>(moments.began)); !set) return set;
  if (auto set = set_meta("started", static_cast<std::int64_t>(moments.started)); !set) return set;
  if (moments.reached)
    if (auto set = set_meta("reached", static_cast<std::int64_t>(*moments.reached)); !set)
      return set;
  if (moments.ended) return set_meta("ended", static_cast<std::int64_t>(*moments.ended));
  return {};
}

Result<void> Writer::set(const Losses& losses) {
  for (std::size_t i = 0; i < loss_kinds; ++i) {
    const auto kind = static_cast<Loss>(i);
    loss_.bind(1, name_of(kind));
    loss_.bind(2, static_cast<std::int64_t>(losses[kind]));
    if (auto set = loss_.run(); !set) return set;
  }
  return {};
}

Result<void> Writer::add_cgroup(std::uint64_t id, std::string_view path) {
  cgroup_.bind(1, static_cast<std::int64_t>(id));
  cgroup_.bind(2, path);
  return cgroup_.run();
}

Result<void> Writer::finish() {
  if (auto committed = commit(); !committed) return committed;
  auto joined = database_.execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
  // Who reads it has its companion, too.
  if (!joined && Database::is_busy(joined.error())) return {};
  return joined;
}

}  // namespace socktap::recording
