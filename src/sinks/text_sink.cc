#include "sinks/text_sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace socktap::sinks {
namespace {

constexpr std::size_t write_size = std::size_t{64} * 1024;
constexpr std::size_t max_message = 383;  // bytes, the title's included

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

// A pipe whose reader is gone says so to who asks, not only to who writes.
bool has_no_reader(int fd) {
  pollfd entry{fd, 0, 0};
  return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLERR) != 0;
}

}  // namespace

Result<void> TextSink::write(const Record& record) {
  switch (record.kind) {
    case RecordKind::output:
      pending_ += record.text;
      return pending_.size() >= write_size ? write_pending() : Result<void>();
    case RecordKind::warning:
      return write_message("WARNING: ", record.text);
    case RecordKind::error:
      return write_message("ERROR: ", record.text);
    default:  // no text: what is in front of it makes that of them which it wants
      break;
  }
  return {};
}

// The reader of a message learns of it although the output has nowhere to go. As SystemTap's, it is
// cut, however long a string error() and warn() got.
Result<void> TextSink::write_message(std::string_view title, std::string_view text) {
  auto flushed = write_pending();
  std::string line(title);
  line.append(text);
  if (line.size() > max_message) line.resize(max_message);
  line.append("\n");
  auto told = write_all(message_fd_, line);
  return flushed ? told : flushed;
}

Result<void> TextSink::write_pending() {
  if (pending_.empty()) return {};
  auto result = write_all(output_fd_, pending_);
  bytes_written_ += pending_.size();
  pending_.clear();
  return result;
}

Result<void> TextSink::flush() {
  if (pending_.empty() && has_no_reader(output_fd_))
    return system_failure("cannot write the output", EPIPE);
  return write_pending();
}

}  // namespace socktap::sinks
