// Writes what a run prints to file descriptors as it is: output to one, warnings and errors to
// another.
#pragma once

#include <string>

#include "base/result.h"
#include "sinks/sink.h"

namespace socktap::sinks {

// Output is collected and written in large pieces; warnings and errors go out at once, after the
// output that precedes them. The descriptors are borrowed.
class TextSink : public Sink {
 public:
  TextSink(int output_fd, int message_fd) : output_fd_(output_fd), message_fd_(message_fd) {}

  Result<void> write(const Record& record) override;
  Result<void> flush() override;  // fails when the output is a pipe that nobody reads any more

  std::uint64_t bytes_written() const { return bytes_written_; }

 private:
  Result<void> write_pending();
  Result<void> write_message(std::string_view title, std::string_view text);

  int output_fd_;
  int message_fd_;
  std::string pending_;
  std::uint64_t bytes_written_ = 0;
};

}  // namespace socktap::sinks
