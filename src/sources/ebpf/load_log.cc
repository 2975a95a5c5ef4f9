#include "sources/ebpf/load_log.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <utility>

namespace socktap::sources::ebpf {
namespace {

constexpr std::size_t most_kept = 16384;  // the reason comes last

thread_local LoadLog* collecting = nullptr;

// How libbpf printed before the first of the threads that collect.
std::mutex installing;
unsigned collectors = 0;
std::atomic<libbpf_print_fn_t> printed_by = nullptr;

std::string formatted(const char* format, va_list arguments) {
  std::array<char, 4096> start{};
  va_list again;
  va_copy(again, arguments);
  const int length = std::vsnprintf(start.data(), start.size(), format, arguments);
  std::string text;
  if (length >= static_cast<int>(start.size())) {  // a verifier's log
    text.resize(static_cast<std::size_t>(length));
    std::vsnprintf(text.data(), text.size() + 1, format, again);
  } else if (length > 0) {
    text.assign(start.data(), static_cast<std::size_t>(length));
  }
  va_end(again);
  return text;
}

int keep_or_pass_on(libbpf_print_level level, const char* format, va_list arguments) {
  if (collecting == nullptr) {
    const libbpf_print_fn_t other = printed_by;
    return other == nullptr ? 0 : other(level, format, arguments);
  }
  if (level != LIBBPF_DEBUG) collecting->add(formatted(format, arguments));
  return 0;
}

void install() {
  const std::lock_guard lock(installing);
  if (collectors++ > 0) return;
  const libbpf_print_fn_t before = libbpf_set_print(keep_or_pass_on);
  if (before != keep_or_pass_on) printed_by = before;
}

// Where somebody has set another function meanwhile, that one stays.
void put_back() {
  const std::lock_guard lock(installing);
  if (--collectors > 0) return;
  const libbpf_print_fn_t last = libbpf_set_print(printed_by);
  if (last != keep_or_pass_on) libbpf_set_print(last);
}

// Lines that say that something was refused, not why.
bool is_frame(std::string_view line) {
  static constexpr std::array<std::string_view, 9> frames{"-- BEGIN PROG LOAD LOG --",
                                                          "bpf_object__probe_loading",
                                                          "-- END PROG LOAD LOG --",
                                                          "failed to load",
                                                          "processed ",
                                                          "BPF program load failed",
                                                          "verification time",
                                                          "stack depth",
                                                          "peak_states"};
  return line.empty() || line.starts_with("from ") ||
         std::ranges::any_of(frames, [line](std::string_view frame) {
           return line.find(frame) != std::string_view::npos;
         });
}

}  // namespace

LoadLog::LoadLog() : outer_(std::exchange(collecting, this)) { install(); }

LoadLog::~LoadLog() {
  put_back();
  collecting = outer_;
}

void LoadLog::add(std::string_view text) {
  text_ += text;
  if (text_.size() > most_kept) text_.erase(0, text_.size() - most_kept);
}

std::string LoadLog::reason() const { return reason_in(text_); }

std::string reason_in(std::string_view log) {
  std::string_view found;
  while (!log.empty()) {
    const std::size_t end = std::min(log.find('\n'), log.size());
    std::string_view line = log.substr(0, end);
    log.remove_prefix(std::min(end + 1, log.size()));
    if (line.starts_with("libbpf: ")) line.remove_prefix(8);
    if (!is_frame(line)) found = line;
  }
  return std::string(found);
}

}  // namespace socktap::sources::ebpf
