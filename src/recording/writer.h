// Writes a recording: an SQLite database of events, of which `sqlite3 FILE 'select * from named'`
// shows what they are called.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "event/record.h"
#include "recording/columns.h"
#include "recording/database.h"
#include "recording/facts.h"

namespace socktap::recording {

class Writer {
 public:
  // Makes the file; a recording that was there is replaced, and nothing else. Fails where somebody
  // else records into it.
  static Result<Writer> create(const std::string& path, const Facts& facts);

  Result<void> add(const ShownEvent& event);

  // From here on what was added survives whatever becomes of this process.
  Result<void> commit();

  Result<void> set(const Moments& moments);
  Result<void> set(const Losses& losses);
  Result<void> add_cgroup(std::uint64_t id, std::string_view path);

  // One file without companions. Nothing is added after it.
  Result<void> finish();

  std::uint64_t events() const { return events_; }
  std::uint64_t bytes() const { return bytes_; }  // about what the events take

 private:
  Writer(UniqueFd file, Database database)
      : file_(std::move(file)), database_(std::move(database)) {}
  Result<void> make_tables(const Facts& facts);
  Result<void> prepare();
  void bind(int parameter, const Column& column, const Event& event);
  Result<void> set_meta(std::string_view key, std::int64_t number);
  Result<void> set_meta(std::string_view key, std::string_view text);

  UniqueFd file_;  // holds a lock; closed last, since that would end SQLite's locks
  Database database_;
  Statement insert_, meta_, loss_, cgroup_;
  struct Bound {
    int parameter;
    const Column* column;
  };
  std::vector<Bound> bound_;  // what is captured
  char addresses_[2][46];
  std::uint64_t events_ = 0;
  std::uint64_t bytes_ = 0;
  bool in_transaction_ = false;
};

}  // namespace socktap::recording
