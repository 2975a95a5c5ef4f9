#include "sinks/output_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace socktap::sinks {
namespace {

Result<UniqueFd> open_file(const std::string& name, int flags) {
  UniqueFd file(::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644));
  if (!file.valid()) return system_failure("cannot write " + name, errno);
  return file;
}

}  // namespace

Result<OutputFiles> OutputFiles::open(std::string path, FileLimits limits, int message_fd) {
  OutputFiles files(std::move(path), limits, UniqueFd(), message_fd);
  auto first = open_file(files.name_of(0), 0);
  if (!first) return tl::unexpected(first.error());
  files.file_ = std::move(*first);
  files.text_ = TextSink(files.file_.get(), message_fd);
  return files;
}

OutputFiles::OutputFiles(std::string path, FileLimits limits, UniqueFd file, int message_fd)
    : path_(std::move(path)),
      limits_(limits),
      file_(std::move(file)),
      message_fd_(message_fd),
      text_(file_.get(), message_fd) {}

void OutputFiles::empty() {
  if (!std::exchange(is_emptied_, true)) static_cast<void>(::ftruncate(file_.get(), 0));
}

std::string OutputFiles::name_of(std::uint64_t number) const {
  const bool is_plain = number == 0 && !limits_.size;
  return is_plain ? path_ : path_ + "." + std::to_string(number);
}

Result<void> OutputFiles::write(const Record& record) {
  if (record.kind == RecordKind::next_file) return begin_next();
  if (record.kind == RecordKind::output) {
    empty();
    const bool is_full = limits_.size && size_ > 0 && size_ + record.text.size() > *limits_.size;
    if (is_full)
      if (auto begun = begin_next_with_heading(); !begun) return begun;
    size_ += record.text.size();
  }
  return text_.write(record);
}

Result<void> OutputFiles::begin_next_with_heading() {
  if (auto begun = begin_next(); !begun || !heading_) return begun;
  const std::string heading = heading_();
  size_ = heading.size();
  return text_.write({RecordKind::output, heading});
}

Result<void> OutputFiles::begin_next() {
  empty();
  if (auto flushed = text_.flush(); !flushed) return flushed;
  auto next = open_file(name_of(number_ + 1), O_TRUNC);
  if (!next) return tl::unexpected(next.error());
  ++number_;
  size_ = 0;
  file_ = std::move(*next);
  text_ = TextSink(file_.get(), message_fd_);
  if (limits_.count && number_ >= *limits_.count)
    ::unlink(name_of(number_ - *limits_.count).c_str());
  return {};
}

}  // namespace socktap::sinks
