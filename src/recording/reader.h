// Reads a recording that anybody may have made: what is wrong in it is an error with its place.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "event/event.h"
#include "recording/columns.h"
#include "recording/database.h"
#include "recording/facts.h"

namespace socktap::recording {

class Reader {
 public:
  static Result<Reader> open(const std::string& path);
  static Result<Reader> from_bytes(std::string_view bytes);

  const Facts& facts() const { return facts_; }
  const Moments& moments() const { return moments_; }  // of a recording that was broken off: none
  const Losses& losses() const { return losses_; }
  const std::map<std::uint64_t, std::string>& cgroups() const { return cgroups_; }

  // The next event into `whole`; false: there is none. `ready` is the time until which the run had
  // to wait for it: its own, or a later one.
  Result<bool> next(WholeEvent& whole, std::uint64_t& ready);

  std::uint64_t events_read() const { return read_; }
  std::uint64_t events() const { return events_; }  // all that there are

 private:
  Reader(Database database, std::string path)
      : database_(std::move(database)), path_(std::move(path)) {}
  static Result<Reader> begin(Database database, std::string path);
  Result<void> check_kind();
  Result<void> read_facts();
  Result<void> read_meta();
  Result<void> read_paths();
  Result<void> read_tables();
  Result<void> take_meta(std::string_view key, const Statement& row);
  Error broken(const std::string& what) const;
  Result<void> store_columns(WholeEvent& whole);

  Database database_;
  std::string path_;
  Facts facts_;
  Moments moments_;
  Losses losses_;
  std::map<std::uint64_t, std::string> cgroups_;
  Statement select_;
  std::uint64_t read_ = 0;
  std::uint64_t events_ = 0;
};

}  // namespace socktap::recording
