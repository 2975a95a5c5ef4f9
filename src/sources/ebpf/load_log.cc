#include "sources/ebpf/load_log.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>

namespace socktap::sources::ebpf {
namespace {

constexpr std::size_t most_kept = 16384;  // the reason comes last

std::string& kept() {
  static std::string text;
  return text;
}

int keep(libbpf_print_level level, const char* format, va_list arguments) {
  if (level == LIBBPF_DEBUG) return 0;
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
  kept() += text;
  if (kept().size() > most_kept) kept().erase(0, kept().size() - most_kept);
  return 0;
}

int keep_nothing(libbpf_print_level, const char*, va_list) { return 0; }

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

LoadLog::LoadLog() {
  kept().clear();
  libbpf_set_print(keep);
}
LoadLog::~LoadLog() { libbpf_set_print(keep_nothing); }

std::string LoadLog::reason() const { return reason_in(kept()); }

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
