// Writes what a run prints to a file, and on to the next ones: when the script asks for it, and
// when one has reached its size.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/unique_fd.h"
#include "sinks/text_sink.h"

namespace socktap::sinks {

// Of each file in bytes, and of the files that are kept: the oldest give way.
struct FileLimits {
  std::optional<std::uint64_t> size;
  std::optional<std::uint64_t> count;
};

// The first file is PATH, or PATH.0 if sizes are limited; then come PATH.1, PATH.2 ... as SystemTap
// names them. What is printed at once stays together, so a file is over its size only if that is.
// Warnings and errors go to `message_fd`, which is borrowed.
class OutputFiles : public Sink {
 public:
  // Opens the first file without emptying it.
  static Result<OutputFiles> open(std::string path, FileLimits limits, int message_fd);

  // What was in the first file is gone; so it is when something is written. A pipe or device has no
  // contents to lose.
  void empty();

  // What a file begins with that comes because the one before has reached its size: what stands
  // above the output, which nobody else knows to write again.
  void begin_files_with(std::function<std::string()> heading) { heading_ = std::move(heading); }

  Result<void> write(const Record& record) override;
  Result<void> flush() override { return text_.flush(); }

 private:
  OutputFiles(std::string path, FileLimits limits, UniqueFd file, int message_fd);
  std::string name_of(std::uint64_t number) const;
  Result<void> begin_next();
  Result<void> begin_next_with_heading();

  std::string path_;
  FileLimits limits_;
  UniqueFd file_;
  int message_fd_;
  TextSink text_;  // to `file_`
  bool is_emptied_ = false;
  std::uint64_t number_ = 0;  // of `file_`
  std::uint64_t size_ = 0;    // what it was given
  std::function<std::string()> heading_;
};

}  // namespace socktap::sinks
