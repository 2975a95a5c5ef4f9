#include "truth.h"

#include <fmt/core.h>

#include <charconv>

namespace socktap::test {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::PathSet;
using tapset::Phase;

constexpr Path all_paths[] = {Path::none,    Path::sendmsg,  Path::aio_write, Path::writev,
                              Path::recvmsg, Path::aio_read, Path::readv};
constexpr Operation all_operations[] = {Operation::send, Operation::receive, Operation::create,
                                        Operation::close};

std::string paths_text(PathSet paths) {
  std::string text;
  for (const Path path : all_paths) {
    if (!paths.contains(path)) continue;
    if (!text.empty()) text += '|';
    text += tapset::name_of(path);
  }
  return text;
}

std::optional<PathSet> parse_paths(std::string_view text) {
  PathSet paths;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find('|'));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    bool found = false;
    for (const Path path : all_paths) {
      if (tapset::name_of(path) != word) continue;
      paths.insert(path);
      found = true;
    }
    if (!found) return std::nullopt;
  }
  return paths.empty() ? std::nullopt : std::optional(paths);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Known> parse_known(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto number = parse_number(text.substr(0, slash));
  if (!number) return std::nullopt;
  if (slash == std::string_view::npos) return Known{*number};
  const auto mask = parse_number(text.substr(slash + 1));
  if (!mask) return std::nullopt;
  return Known{*number, *mask};
}

template <typename T, std::size_t N>
bool parse_name(std::string_view text, const T (&candidates)[N], T& out) {
  for (const T candidate : candidates) {
    if (tapset::name_of(candidate) != text) continue;
    out = candidate;
    return true;
  }
  return false;
}

bool parse_value(std::string_view key, std::string_view text, Happening& out) {
  for (int i = 0; i < value_count; ++i) {
    if (name_of(static_cast<Value>(i)) != key) continue;
    out.values[static_cast<std::size_t>(i)] = parse_known(text);
    return out.values[static_cast<std::size_t>(i)].has_value();
  }
  return true;
}

bool parse_pair(std::string_view key, std::string_view text, Happening& out) {
  constexpr Phase phases[] = {Phase::begin, Phase::conclusion};
  if (key == "op") return parse_name(text, all_operations, out.operation);
  if (key == "phase") return parse_name(text, phases, out.phase);
  if (key == "path") {
    const auto paths = parse_paths(text);
    if (paths) out.paths = *paths;
    return paths.has_value();
  }
  if (key == "step") out.step = text;
  if (key == "comm") out.comm = text;
  if (key == "mark") out.mark = text;
  if (key == "in_pieces") out.in_pieces = text == "1";
  if (key == "n") {
    const auto call = parse_number(text);
    out.call = static_cast<std::uint64_t>(call.value_or(0));
    return call.has_value();
  }
  return parse_value(key, text, out);
}

}  // namespace

std::string_view name_of(Value value) {
  constexpr std::string_view names[] = {"pid",    "tid",       "size", "success",
                                        "family", "protocol",  "type", "state",
                                        "flags",  "requester", "err",  "msg_flags"};
  static_assert(std::size(names) == value_count);
  return names[static_cast<std::size_t>(value)];
}

std::string format(const Happening& happening) {
  std::string line;
  if (!happening.step.empty()) line += fmt::format("step={} n={} ", happening.step, happening.call);
  line += fmt::format("op={} phase={} path={}", tapset::name_of(happening.operation),
                      tapset::name_of(happening.phase), paths_text(happening.paths));
  if (!happening.comm.empty()) line += fmt::format(" comm={}", happening.comm);
  for (int i = 0; i < value_count; ++i) {
    const auto& value = happening.values[static_cast<std::size_t>(i)];
    if (!value) continue;
    line += fmt::format(" {}={}", name_of(static_cast<Value>(i)), value->number);
    if (value->mask != -1) line += fmt::format("/{}", value->mask);
  }
  if (happening.in_pieces) line += " in_pieces=1";
  if (!happening.mark.empty()) line += fmt::format(" mark={}", happening.mark);
  return line;
}

std::optional<Happening> parse_happening(std::string_view line) {
  Happening happening;
  bool has_operation = false;
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    if (word.empty()) continue;
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view key = word.substr(0, equals);
    if (!parse_pair(key, word.substr(equals + 1), happening)) return std::nullopt;
    has_operation |= key == "op";
  }
  return has_operation ? std::optional(happening) : std::nullopt;
}

}  // namespace socktap::test
