#include "recording/database.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace socktap::recording {
namespace {

Error error_of(sqlite3* connection, const std::string& what) {
  const int system = sqlite3_system_errno(connection);
  std::string reason = sqlite3_errmsg(connection);
  if (sqlite3_errcode(connection) == SQLITE_CANTOPEN && system != 0) reason = std::strerror(system);
  return {what + ": " + reason, "", system};
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

void Statement::bind(int parameter, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, number);
}
void Statement::bind(int parameter, std::string_view text) {
  sqlite3_bind_text(statement_.get(), parameter, text.data(), static_cast<int>(text.size()),
                    SQLITE_STATIC);
}
void Statement::bind_null(int parameter) { sqlite3_bind_null(statement_.get(), parameter); }

Result<void> Statement::run() {
  const int status = sqlite3_step(statement_.get());
  sqlite3_reset(statement_.get());
  if (status == SQLITE_DONE || status == SQLITE_ROW) return {};
  return tl::unexpected(error_of(sqlite3_db_handle(statement_.get()), "the recording"));
}

Result<bool> Statement::next() {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  const Error error = error_of(sqlite3_db_handle(statement_.get()), "the recording");
  sqlite3_reset(statement_.get());
  if (status == SQLITE_DONE) return false;
  return tl::unexpected(error);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
bool Statement::is_number(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_INTEGER;
}
std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
std::string_view Statement::text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Error Database::refusal(const std::string& what) const {
  return error_of(connection_.get(), what + " " + path_);
}

namespace {

// SQLite takes some names for others: ":memory:", "file:...".
std::string file_name(const std::string& path) {
  return path.starts_with('/') ? path : "./" + path;
}

}  // namespace

Result<Database> Database::create(const std::string& path) {
  for (const char* part : {"-wal", "-shm"})
    if (::unlink((path + part).c_str()) != 0 && errno != ENOENT)
      return system_failure("cannot replace " + path + part, errno);
  Database database;
  database.path_ = path;
  sqlite3* connection = nullptr;
  const int status = sqlite3_open_v2(file_name(path).c_str(), &connection,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  database.connection_.reset(connection);
  if (status != SQLITE_OK) return tl::unexpected(database.refusal("cannot write the recording"));
  constexpr int patience = 2'000;  // ms, with those who read it meanwhile
  sqlite3_busy_timeout(connection, patience);
  return database;
}

bool Database::is_busy(const Error& error) {
  return error.message.ends_with(sqlite3_errstr(SQLITE_BUSY));
}

// No code of the file's own: no views that run functions, no schema that writes, no extensions.
Result<void> Database::distrust() {
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  return execute("PRAGMA cell_size_check = ON");
}

Result<Database> Database::open(const std::string& path) {
  Database database;
  database.path_ = path;
  if (::access(path.c_str(), R_OK) != 0)
    return system_failure("cannot read the recording " + path, errno);
  sqlite3* connection = nullptr;
  const int status =
      sqlite3_open_v2(file_name(path).c_str(), &connection, SQLITE_OPEN_READONLY, nullptr);
  database.connection_.reset(connection);
  if (status != SQLITE_OK) return tl::unexpected(database.refusal("cannot read the recording"));
  if (auto distrusted = database.distrust(); !distrusted) return tl::unexpected(distrusted.error());
  return database;
}

Result<Database> Database::from_bytes(std::string_view bytes) {
  Database database;
  database.path_ = "<memory>";
  sqlite3* connection = nullptr;
  const int status = sqlite3_open_v2(":memory:", &connection, SQLITE_OPEN_READWRITE, nullptr);
  database.connection_.reset(connection);
  if (status != SQLITE_OK) return tl::unexpected(database.refusal("cannot read the recording"));
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size() + 1));
  if (copy == nullptr) return failure("cannot read the recording: out of memory");
  std::memcpy(copy, bytes.data(), bytes.size());
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  if (sqlite3_deserialize(connection, "main", copy, size, size,
                          SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) !=
      SQLITE_OK)
    return tl::unexpected(database.refusal("cannot read the recording"));
  if (auto distrusted = database.distrust(); !distrusted) return tl::unexpected(distrusted.error());
  return database;
}

bool Database::is_foreign(const Error& error) {
  return error.message.ends_with(sqlite3_errstr(SQLITE_NOTADB));
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK)
    return {};
  return tl::unexpected(refusal("the recording"));
}

Result<Statement> Database::prepare(const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  const int status = sqlite3_prepare_v2(connection_.get(), sql.c_str(),
                                        static_cast<int>(sql.size()), &prepared, nullptr);
  Statement statement;
  statement.statement_.reset(prepared);
  if (status != SQLITE_OK) return tl::unexpected(refusal("the recording"));
  return statement;
}

Result<std::int64_t> Database::number(const std::string& sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->next();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement->number(0) : 0;
}

}  // namespace socktap::recording
