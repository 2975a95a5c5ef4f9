#include "script_expectations.h"

#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <sstream>

namespace socktap::tests {
namespace {

using Setter = std::function<void(Event&, std::int64_t)>;

template <typename T>
Setter field(T Event::*member) {
  return [member](Event& event, std::int64_t value) { event.*member = static_cast<T>(value); };
}

const std::map<std::string, Setter>& fields() {
  static const std::map<std::string, Setter> all = {{"time", field(&Event::time)},
                                                    {"pid", field(&Event::tgid)},
                                                    {"tid", field(&Event::tid)},
                                                    {"ppid", field(&Event::ppid)},
                                                    {"uid", field(&Event::uid)},
                                                    {"euid", field(&Event::euid)},
                                                    {"gid", field(&Event::gid)},
                                                    {"egid", field(&Event::egid)},
                                                    {"cpu", field(&Event::cpu)},
                                                    {"sock", field(&Event::sock)},
                                                    {"size", field(&Event::size)},
                                                    {"latency", field(&Event::latency)},
                                                    {"flags", field(&Event::flags)},
                                                    {"msg_flags", field(&Event::msg_flags)},
                                                    {"err", field(&Event::err)},
                                                    {"protocol", field(&Event::protocol)},
                                                    {"family", field(&Event::family)},
                                                    {"type", field(&Event::type)},
                                                    {"state", field(&Event::state)},
                                                    {"success", field(&Event::success)},
                                                    {"requester", field(&Event::requester)},
                                                    {"truesize", field(&Event::truesize)}};
  return all;
}

template <typename E>
std::optional<E> enumerator(const std::string& name, E last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (tapset::name_of(static_cast<E>(i)) == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

bool set(Event& event, const std::string& name, const std::string& value) {
  if (name == "comm") {
    std::strncpy(event.comm, value.c_str(), sizeof event.comm - 1);
  } else if (name == "dev_name") {
    std::strncpy(event.dev_name, value.c_str(), sizeof event.dev_name - 1);
  } else if (name == "phase") {
    event.phase = value == "begin" ? SOCKTAP_BEGIN : SOCKTAP_CONCLUSION;
  } else if (name == "path") {
    const auto path = enumerator(value, tapset::Path::readv);
    if (!path) return false;
    event.path = static_cast<std::uint8_t>(*path);
  } else {
    const auto found = fields().find(name);
    if (found == fields().end()) return false;
    found->second(event, std::strtoll(value.c_str(), nullptr, 0));
  }
  return true;
}

std::optional<Event> read_event(const std::string& text, std::uint64_t time) {
  std::istringstream words(text);
  std::string word;
  words >> word;
  const auto operation = enumerator(word, tapset::Operation::net_receive);
  if (!operation) return std::nullopt;
  Event event{};
  event.operation = static_cast<std::uint8_t>(*operation);
  event.phase = tapset::is_offered(*operation, tapset::Phase::conclusion) ? SOCKTAP_CONCLUSION
                                                                          : SOCKTAP_BEGIN;
  event.path = *operation == tapset::Operation::send      ? SOCKTAP_PATH_SENDMSG
               : *operation == tapset::Operation::receive ? SOCKTAP_PATH_RECVMSG
                                                          : SOCKTAP_PATH_NONE;
  event.success = 1;
  event.time = time;
  while (words >> word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) return std::nullopt;
    if (!set(event, word.substr(0, equals), word.substr(equals + 1))) return std::nullopt;
  }
  return event;
}

bool set(vm::Limits& limits, const std::string& text) {
  const auto equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const std::int64_t value = std::atoll(text.c_str() + equals + 1);
  if (name == "MAXSTRINGLEN") {
    limits.max_string = value;
  } else if (name == "MAXMAPENTRIES") {
    limits.max_map_entries = value;
  } else if (name == "MAXACTION") {
    limits.max_action = limits.max_action_lifecycle = value;
  } else if (name == "MAXNESTING") {
    limits.max_nesting = value;
  } else {
    return false;
  }
  return true;
}

// The text after `# NAME:` and at most one blank, if the line has it.
std::optional<std::string> directive(const std::string& line, const std::string& name) {
  const std::string mark = "# " + name + ":";
  const auto at = line.find(mark);
  if (at == std::string::npos) return std::nullopt;
  std::string rest = line.substr(at + mark.size());
  if (!rest.empty() && rest.front() == ' ') rest.erase(0, 1);
  return rest;
}

}  // namespace

ScriptExpectations read_expectations(const std::string& script) {
  ScriptExpectations result;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    if (const auto text = directive(line, "expect")) {
      result.output += *text + "\n";
    } else if (const auto warning = directive(line, "warning")) {
      result.warnings.push_back(*warning);
    } else if (const auto error = directive(line, "error")) {
      result.error = *error;
    } else if (const auto limit = directive(line, "limits")) {
      if (!set(result.limits, *limit)) result.mistakes.push_back(line);
    } else if (const auto arguments = directive(line, "args")) {
      std::istringstream words(*arguments);
      for (std::string word; words >> word;) result.arguments.push_back(word);
    } else if (const auto event = directive(line, "event")) {
      const auto read = read_event(*event, 1'000'000 * (result.events.size() + 1));
      if (read) {
        result.events.push_back(*read);
      } else {
        result.mistakes.push_back(line);
      }
    }
  }
  return result;
}

}  // namespace socktap::tests
