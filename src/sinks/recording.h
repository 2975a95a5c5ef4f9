// Records a run into files that it can be replayed from: all events that are handed to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/cgroups.h"
#include "recording/writer.h"
#include "sinks/sink.h"

namespace socktap::sinks {

// When to go on to another file: PATH.0, PATH.1 ... instead of PATH.
struct Rotation {
  std::optional<std::uint64_t> bytes;  // that a file has, about
  std::optional<std::uint64_t> age;    // ns from its beginning to its end
  std::optional<std::uint64_t> count;  // of files that are kept: the oldest give way

  bool is_wanted() const { return bytes || age; }
};

class Recording : public Sink {
 public:
  // What is handed to this channel is recorded.
  static constexpr std::uint64_t channel = 0;

  // The file is made when the run is about to observe, so that one that does not begin leaves what
  // was there.
  Recording(std::string path, Rotation rotation, recording::Facts facts);

  Result<void> write(const Record& record) override;
  Result<void> flush() override;  // from here on it survives

  // Ends the last file.
  Result<void> finish();

  std::uint64_t events() const { return events_; }
  // Of the files that are there their numbers and, the oldest first, their names.
  std::uint64_t first_file() const;
  std::uint64_t last_file() const { return number_; }
  std::vector<std::string> file_names() const;

 private:
  std::string name_of(std::uint64_t number) const;
  Result<void> begin();
  void take_moment(Moment moment, std::uint64_t time);
  Result<void> add(const ShownEvent& event);
  Result<void> name_cgroup(const ShownEvent& event);
  bool is_full(const ShownEvent& event) const;
  Result<void> begin_next(std::uint64_t boundary);

  std::string path_;
  Rotation rotation_;
  recording::Facts facts_;
  std::optional<recording::Writer> writer_;
  recording::Moments moments_;
  CgroupNames cgroups_;
  std::unordered_set<std::uint64_t> named_;  // of them, in this file
  Losses losses_;
  std::uint64_t number_ = 0;  // of the file
  std::uint64_t events_ = 0;
};

}  // namespace socktap::sinks
