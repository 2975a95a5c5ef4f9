// SQLite, as far as recordings need it: connections and statements that close themselves, and
// refusals as Results.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace socktap::recording {

class Statement {
 public:
  Statement() = default;

  void bind(int parameter, std::int64_t number);    // parameters count from 1
  void bind(int parameter, std::string_view text);  // which must live until run() or next()
  void bind_null(int parameter);

  // To the end, for what yields no rows; then it can run again.
  Result<void> run();

  // The next row, if there is one; columns count from 0.
  Result<bool> next();
  bool is_null(int column) const;
  bool is_number(int column) const;
  std::int64_t number(int column) const;
  std::string_view text(int column) const;  // valid until the next row

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  // Makes tables in a file that is empty, or not there.
  static Result<Database> create(const std::string& path);
  // Reads a file that anybody may have made: nothing in it is trusted.
  static Result<Database> open(const std::string& path);
  // The same of a database in memory, which is copied.
  static Result<Database> from_bytes(std::string_view bytes);

  // Whether it was refused because somebody else reads or writes.
  static bool is_busy(const Error& error);
  // Whether it was refused because the file is none of SQLite's.
  static bool is_foreign(const Error& error);

  Result<void> execute(const std::string& sql);
  Result<Statement> prepare(const std::string& sql);

  // What a statement with one value yields.
  Result<std::int64_t> number(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
  std::string path_;

  Error refusal(const std::string& what) const;
  Result<void> distrust();
};

}  // namespace socktap::recording
