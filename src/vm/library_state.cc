#include "vm/library_state.h"

#include <fcntl.h>
#include <unistd.h>

#include <ctime>

namespace socktap::vm {
namespace {

// Scripts that warn of something different each time must not fill the memory: what comes after
// that many different warnings is no longer checked for repeats.
constexpr std::size_t max_warnings = 1024;

}  // namespace

void LibraryState::set_match(std::string_view subject, std::span<const std::string_view> groups) {
  groups_.clear();
  if (groups.empty()) return;
  matched_groups_ = groups.size();
  matched_subject_ = subject;
  for (const std::string_view group : groups) {
    const bool took_part = group.data() != nullptr;
    groups_.push_back(
        {took_part ? static_cast<std::size_t>(group.data() - subject.data()) : 0, group.size()});
  }
}

std::string_view LibraryState::group(std::size_t index) const {
  return std::string_view(matched_subject_).substr(groups_[index].begin, groups_[index].size);
}

bool LibraryState::first_time(std::string_view warning) {
  if (warnings_.size() >= max_warnings) return !warnings_.contains(std::string(warning));
  return warnings_.emplace(warning).second;
}

std::int64_t LibraryState::random(std::int64_t below) {
  if (!random_) random_.emplace(std::random_device()());
  return std::uniform_int_distribution<std::int64_t>(0, below - 1)(*random_);
}

const LibraryState::Zone& LibraryState::zone() {
  if (!zone_) {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    zone_ = Zone{-local.tm_gmtoff, local.tm_zone};
  }
  return *zone_;
}

void LibraryState::write_trace_marker(std::string_view line) {
  if (!trace_marker_) {
    trace_marker_.emplace(::open(trace_marker_path_.c_str(), O_WRONLY | O_CLOEXEC));
  }
  if (!trace_marker_->valid()) return;
  // What the kernel refuses is dropped, as documented.
  [[maybe_unused]] const ssize_t written = ::write(trace_marker_->get(), line.data(), line.size());
}

}  // namespace socktap::vm
