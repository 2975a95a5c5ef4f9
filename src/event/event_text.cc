#include "event/event_text.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <span>
#include <sstream>
#include <string>

#include "tapset/calls.h"

namespace socktap {
namespace {

using tapset::Field;
using tapset::Operation;
using tapset::Path;
using tapset::Phase;

constexpr int phase_count = 2, path_count = static_cast<int>(Path::readv) + 1;

template <typename E>
std::optional<std::uint8_t> find_named(std::string_view word, int count) {
  for (int i = 0; i < count; ++i) {
    if (tapset::name_of(static_cast<E>(i)) == word) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

std::optional<Field> find_field(std::string_view name) {
  if (name == "pid") return Field::task;
  if (name == "ppid") return Field::parent;
  const auto* found = std::ranges::find(tapset::field_names, name);
  if (found == std::end(tapset::field_names)) return std::nullopt;
  return static_cast<Field>(found - std::begin(tapset::field_names));
}

// The bytes where a layout lies.
char* place_of(WholeEvent& event, FieldLayout layout) {
  return reinterpret_cast<char*>(&event) + layout.offset;
}

bool set_address(WholeEvent& event, Field field, const std::string& text) {
  const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
  event.tail.address_family = static_cast<__u16>(family);
  return ::inet_pton(family, text.c_str(), place_of(event, layout_of(field))) == 1;
}

// Of a little-endian machine, as all are that this runs on.
bool set_number(WholeEvent& event, FieldLayout layout, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return false;
  std::memcpy(place_of(event, layout), &number, layout.width);
  return true;
}

bool set_call(WholeEvent& event, std::string_view name) {
  const std::span<const tapset::Call> forms = tapset::calls_of(name);
  if (forms.empty()) return false;
  event.record.call_form = static_cast<__u16>(&forms.front() - tapset::calls().data() + 1);
  return true;
}

// "arg1" to "arg6"
bool set_argument(WholeEvent& event, std::string_view name, std::string_view value) {
  const int index = name.back() - '1';
  if (index < 0 || index >= SOCKTAP_CALL_ARGUMENTS) return false;
  const FieldLayout all = layout_of(Field::arguments);
  const auto offset = static_cast<std::uint16_t>(all.offset + index * 8);
  return set_number(event, {offset, 8, true, false}, value);
}

bool set_member(WholeEvent& event, std::string_view name, const std::string& value) {
  if (name == "tid") return set_number(event, tid_layout, value);
  if (name == "call") return set_call(event, value);
  if (name.size() == 4 && name.starts_with("arg")) return set_argument(event, name, value);
  const std::optional<Field> field = find_field(name);
  if (!field) return false;
  if (*field == Field::local_address || *field == Field::remote_address)
    return set_address(event, *field, value);
  const FieldLayout layout = layout_of(*field);
  if (!layout.is_text) return set_number(event, layout, value);
  const std::size_t length = std::min(value.size(), std::size_t{layout.width});
  std::memcpy(place_of(event, layout), value.data(), length);
  // With the zero byte, which the padding has.
  const auto captured = static_cast<__u16>(std::min(length + 1, std::size_t{layout.width}));
  if (*field == Field::capture_0) event.tail.call.captured[0] = captured;
  if (*field == Field::capture_1) event.tail.call.captured[1] = captured;
  return true;
}

bool read_word(WholeEvent& event, const std::string& word) {
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const std::string value = equals == std::string::npos ? word : word.substr(equals + 1);
  if (name == value || name == "phase" || name == "path") {
    if (const auto phase = find_named<Phase>(value, phase_count)) {
      event.record.phase = *phase;
      return true;
    }
    const auto path = find_named<Path>(value, path_count);
    event.record.path = path.value_or(0);
    return path.has_value();
  }
  return set_member(event, name, value);
}

}  // namespace

Result<WholeEvent> parse_event(std::string_view line) {
  std::istringstream words{std::string(line)};
  std::string word;
  words >> word;
  const auto operation = find_named<Operation>(word, tapset::operation_count);
  if (!operation) return failure("expected an operation: " + std::string(line));
  const auto kind = static_cast<Operation>(*operation);
  WholeEvent event{};
  Event& record = event.record;
  record.operation = *operation;
  record.phase = tapset::is_offered(kind, Phase::conclusion) ? SOCKTAP_CONCLUSION : SOCKTAP_BEGIN;
  if (kind == Operation::call)
    event.tail.call.captured[0] = event.tail.call.captured[1] = SOCKTAP_NOT_CAPTURED;
  if (kind == Operation::send) record.path = SOCKTAP_PATH_SENDMSG;
  if (kind == Operation::receive) record.path = SOCKTAP_PATH_RECVMSG;
  bool says_success = false;
  while (words >> word) {
    if (!read_word(event, word)) return failure("no phase, path or member of an event: " + word);
    says_success |= word.starts_with("success=");
  }
  if (!says_success) record.success = record.size >= 0 && record.err >= 0;
  return event;
}

}  // namespace socktap
