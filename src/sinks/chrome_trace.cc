#include "sinks/chrome_trace.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <utility>

namespace socktap::sinks {
namespace {

using tapset::Field;

// Microseconds with their fraction, as the format counts.
void append_microseconds(std::int64_t ns, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}.{:03}", ns / 1000, ns % 1000);
}

}  // namespace

Result<ChromeTrace> ChromeTrace::open(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!file.valid()) return system_failure("cannot write the timeline " + path, errno);
  return ChromeTrace(std::move(file));
}

ChromeTrace::ChromeTrace(UniqueFd file)
    : file_(std::move(file)), text_(file_.get(), STDERR_FILENO) {}

Result<void> ChromeTrace::append(std::string_view object) {
  if (is_first_) static_cast<void>(::ftruncate(file_.get(), 0));  // a pipe has nothing to lose
  if (auto begun = text_.write({RecordKind::output, is_first_ ? "[\n" : ",\n"}); !begun)
    return begun;
  is_first_ = false;
  return text_.write({RecordKind::output, object});
}

// A process may take another name when it runs another program.
Result<void> ChromeTrace::name_process(const Event& event) {
  const std::string_view name = comm_of(event);
  auto& known = names_[event.tgid];
  if (name.empty() || known == name) return {};
  known = name;
  line_ = fmt::format(R"({{"name":"process_name","ph":"M","pid":{},"args":{{"name":)", event.tgid);
  append_json(name, line_);
  line_ += "}}";
  return append(line_);
}

Result<void> ChromeTrace::write(const Record& record) {
  if (record.kind != RecordKind::event) return {};
  const ShownEvent& shown = *record.event;
  const Event& event = *shown.event;
  if (auto named = name_process(event); !named) return named;
  const auto [entry, is_new] = attributes_.try_emplace(shown.point);
  if (is_new) entry->second = attributes_of(*shown.point);
  const bool has_beginning = shown.fields.contains(Field::latency) && event.latency != 0 &&
                             shown.point->has(tapset::Variable::latency);
  const std::int64_t end = static_cast<std::int64_t>(event.time) + shown.realtime_offset;
  const auto latency = static_cast<std::int64_t>(has_beginning ? event.latency : 0);
  line_ = fmt::format(R"({{"name":"{}","cat":"{}","ph":"{}","pid":{},"tid":{},"ts":)",
                      shown.point->name, name_of(operation_of(event)), has_beginning ? "X" : "i",
                      event.tgid, event.tid);
  append_microseconds(end - latency, line_);
  if (has_beginning) {
    line_ += ",\"dur\":";
    append_microseconds(latency, line_);
  } else {
    line_ += ",\"s\":\"t\"";
  }
  line_ += ",\"args\":";
  object_.append(entry->second, shown, line_);
  line_ += '}';
  return append(line_);
}

Result<void> ChromeTrace::finish() {
  if (is_first_) static_cast<void>(::ftruncate(file_.get(), 0));
  if (auto ended = text_.write({RecordKind::output, is_first_ ? "[]\n" : "\n]\n"}); !ended)
    return ended;
  return flush();
}

}  // namespace socktap::sinks
