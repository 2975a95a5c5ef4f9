#include "socktap/sink.h"

#include <fmt/format.h>

#include "event/loss.h"

namespace socktap {

Sink::~Sink() = default;

Result<void> Sink::warning(std::string_view text) {
  fmt::print(stderr, "WARNING: {}\n", text);
  return {};
}

Result<void> Sink::error(std::string_view text) {
  fmt::print(stderr, "ERROR: {}\n", text);
  return {};
}

Result<void> Sink::event(const EventView&) { return {}; }

Result<void> Sink::lost(Loss kind, std::uint64_t count) {
  fmt::print(stderr, "WARNING: {}\n", sentence(kind, count));
  return {};
}

Result<void> Sink::flush() { return {}; }

}  // namespace socktap
