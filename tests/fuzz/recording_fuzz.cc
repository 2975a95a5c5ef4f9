// A recording may be any file: what is read of it is a well-formed event, or an error, and a run
// over it ends.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "event/derived.h"
#include "recording/reader.h"

namespace {

using namespace socktap;

constexpr int most_events = 10'000;  // of one input: a file may claim any number

// Whoever reads an event reads all of it.
void read(const WholeEvent& whole) {
  const Event& event = whole.record;
  if (!is_well_formed(event) || event.operation == SOCKTAP_SYSTEM_CALL) std::abort();
  std::size_t length = describe(event).size();
  for (const tapset::ProbePoint& point : tapset::probe_points()) {
    if (!point.fires_for(operation_of(event), phase_of(event), path_of(event))) continue;
    for (const tapset::Binding& binding : point.bindings)
      length += text_from(binding.from, point, event).size() +
                static_cast<std::size_t>(number_from(binding.from, event) & 1);
  }
  if (length == 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto reader = recording::Reader::from_bytes({reinterpret_cast<const char*>(data), size});
  if (!reader) {
    if (reader.error().message.empty()) std::abort();
    return 0;
  }
  WholeEvent event;
  std::uint64_t ready = 0;
  for (int i = 0; i < most_events; ++i) {
    const auto more = reader->next(event, ready);
    if (!more || !*more) break;
    if (ready < event.record.time) std::abort();
    read(event);
  }
  return 0;
}
