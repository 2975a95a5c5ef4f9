#include "sinks/text_sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace socktap::sinks {
namespace {

constexpr std::size_t write_size = 64 * 1024;

// A descriptor that somebody else made non-blocking (a shared terminal) is waited for.
void wait_writable(int fd) {
  pollfd entry{fd, POLLOUT, 0};
  ::poll(&entry, 1, -1);
}

Result<void> write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_writable(fd);
    } else if (errno != EINTR) {
      return system_failure("cannot write the output", errno);
    }
  }
  return {};
}

}  // namespace

Result<void> TextSink::write(const Record& record) {
  switch (record.kind) {
    case RecordKind::output:
      pending_ += record.text;
      return pending_.size() >= write_size ? flush() : Result<void>();
    case RecordKind::warning:
      return write_message("WARNING: ", record.text);
    case RecordKind::error:
      return write_message("ERROR: ", record.text);
  }
  return {};
}

Result<void> TextSink::write_message(std::string_view title, std::string_view text) {
  if (auto flushed = flush(); !flushed) return flushed;
  std::string line(title);
  line.append(text).append("\n");
  return write_all(message_fd_, line);
}

Result<void> TextSink::flush() {
  if (pending_.empty()) return {};
  auto result = write_all(output_fd_, pending_);
  bytes_written_ += pending_.size();
  pending_.clear();
  return result;
}

}  // namespace socktap::sinks
