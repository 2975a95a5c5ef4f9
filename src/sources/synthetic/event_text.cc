#include "sources/synthetic/event_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <optional>
#include <sstream>
#include <string>

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

template <typename E>
std::optional<std::uint8_t> find_named(std::string_view word, int count) {
  for (int i = 0; i < count; ++i) {
    if (tapset::name_of(static_cast<E>(i)) == word) return static_cast<std::uint8_t>(i);
  }
  return std::nullopt;
}

using Setter = void (*)(Event&, std::int64_t);

template <auto Member>
void set(Event& event, std::int64_t value) {
  using T = std::remove_reference_t<decltype(event.*Member)>;
  event.*Member = static_cast<T>(value);
}

struct MemberRow {
  std::string_view name;
  Setter set;
};

constexpr MemberRow members[] = {
    {"time", set<&Event::time>},         {"pid", set<&Event::tgid>},
    {"tid", set<&Event::tid>},           {"ppid", set<&Event::ppid>},
    {"uid", set<&Event::uid>},           {"euid", set<&Event::euid>},
    {"gid", set<&Event::gid>},           {"egid", set<&Event::egid>},
    {"cpu", set<&Event::cpu>},           {"sock", set<&Event::sock>},
    {"size", set<&Event::size>},         {"latency", set<&Event::latency>},
    {"flags", set<&Event::flags>},       {"msg_flags", set<&Event::msg_flags>},
    {"protocol", set<&Event::protocol>}, {"err", set<&Event::err>},
    {"family", set<&Event::family>},     {"type", set<&Event::type>},
    {"state", set<&Event::state>},       {"requester", set<&Event::requester>},
    {"truesize", set<&Event::truesize>},
};

template <std::size_t N>
Result<void> set_text(char (&member)[N], std::string_view value) {
  std::memcpy(member, value.data(), std::min(value.size(), N));
  return {};
}

Result<void> set_member(Event& event, std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos)
    return failure("expected member=value: " + std::string(word));
  const std::string_view name = word.substr(0, equals);
  const std::string_view value = word.substr(equals + 1);
  if (name == "comm") return set_text(event.comm, value);
  if (name == "dev_name") return set_text(event.dev_name, value);
  const auto row = std::ranges::find(members, name, &MemberRow::name);
  if (row == std::end(members)) return failure("an event has no member " + std::string(name));
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (code != std::errc() || end != value.data() + value.size()) {
    return failure("not a number: " + std::string(word));
  }
  row->set(event, number);
  return {};
}

}  // namespace

Result<Event> parse_event(std::string_view line) {
  std::istringstream words{std::string(line)};
  std::string operation, phase, word;
  words >> operation >> phase;
  const auto operation_number = find_named<Operation>(operation, tapset::operation_count);
  const auto phase_number = find_named<Phase>(phase, 2);
  if (!operation_number || !phase_number) {
    return failure("expected an operation and a phase: " + std::string(line));
  }
  Event event{};
  event.operation = *operation_number;
  event.phase = *phase_number;
  if (operation_of(event) == Operation::send || operation_of(event) == Operation::receive) {
    words >> word;
    const auto path = find_named<Path>(word, 7);
    if (!path) return failure("expected a path: " + std::string(line));
    event.path = *path;
  }
  while (words >> word) {
    if (auto result = set_member(event, word); !result) return tl::unexpected(result.error());
  }
  event.success = event.size >= 0 && event.err >= 0;
  return event;
}

}  // namespace socktap::sources
