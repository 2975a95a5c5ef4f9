#include "script_expectations.h"

#include <cstdlib>
#include <sstream>

#include "event/event_text.h"

namespace socktap::tests {
namespace {

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
      const auto read = parse_event(*event);
      if (read) {
        result.events.push_back(*read);
        auto& time = result.events.back().record.time;
        if (time == 0) time = 1'000'000 * result.events.size();
      } else {
        result.mistakes.push_back(line);
      }
    }
  }
  return result;
}

}  // namespace socktap::tests
