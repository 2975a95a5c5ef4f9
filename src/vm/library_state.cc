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

void LibraryState::set_match(const std::vector<std::string_view>& groups) {
  if (!match_) match_.emplace();
  match_->assign(groups.begin(), groups.end());
}

void LibraryState::set_no_match() { match_.reset(); }

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
