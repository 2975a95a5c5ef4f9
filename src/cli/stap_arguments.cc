#include "cli/stap_arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cmath>
#include <ctime>
#include <string_view>

namespace socktap::cli::stap {
namespace {

template <typename Number>
std::optional<Number> number_of(const std::string& text) {
  Number number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<void> one_of(std::string_view option, const std::string& given,
                    std::initializer_list<std::string_view> words) {
  if (std::ranges::find(words, given) != words.end()) return {};
  std::string list;
  for (const std::string_view word : words) {
    if (!word.empty()) list.append(list.empty() ? "" : ", ").append(word);
  }
  return failure(std::string(option) + " does not take " + given, "it takes " + list);
}

// FILE may hold conversions of strftime(3).
std::string with_time(const std::string& name) {
  if (name.find('%') == std::string::npos) return name;
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  std::array<char, 4096> room;
  const std::size_t length = std::strftime(room.data(), room.size(), name.c_str(), &local);
  return length > 0 ? std::string(room.data(), length) : name;
}

}  // namespace

Result<void> script(StapOptions& options, const std::string& text) {
  if (options.run.script.text)
    return failure("-e is given twice", "-E adds a script to the one of -e");
  options.run.script.text = text;
  return {};
}

Result<void> additional_script(StapOptions& options, const std::string& text) {
  options.run.script.additional_texts.push_back(text);
  return {};
}

Result<void> list(StapOptions& options, StapOptions::Task task, const std::string& pattern) {
  if (options.task != StapOptions::Task::run)
    return failure("only one of -l, -L and --dump-* can be asked for");
  options.task = task;
  options.pattern = pattern;
  return {};
}

Result<void> last_pass(StapOptions& options, const std::string& number) {
  const auto pass = number_of<int>(number);
  if (!pass || *pass < 1 || *pass > 5) return failure("-p takes 1 to 5, not " + number);
  options.run.last_pass = *pass;
  return {};
}

Result<void> verbosity(StapOptions& options, const std::string& digits) {
  constexpr std::size_t passes = 5;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.empty() || digits.size() > passes || !std::ranges::all_of(digits, is_digit))
    return failure("--vp takes one to five digits, not " + digits);
  if (digits.size() == passes) options.run.verbose += digits.back() - '0';  // those of the run
  return {};
}

// Only a number that target() returns: whether there is such a process does not matter.
Result<void> process(StapOptions& options, const std::string& number) {
  const auto pid = number_of<pid_t>(number);
  if (!pid) return failure("-x: " + number + " is no process number");
  options.run.pid = *pid;
  return {};
}

Result<void> seconds(StapOptions& options, const std::string& number) {
  constexpr double longest = 2147483;  // SystemTap counts milliseconds in an int
  const auto duration = number_of<double>(number);
  if (!duration || !(*duration > 0 && *duration <= longest))
    return failure("-T: " + number + " is no number of seconds");
  options.run.seconds = *duration;
  return {};
}

Result<void> buffer_size(StapOptions& options, const std::string& megabytes) {
  const auto size = number_of<unsigned>(megabytes);
  if (!size || *size < 1 || *size > 4095) return failure("-s takes 1 to 4095, not " + megabytes);
  options.run.buffer_megabytes = *size;
  return {};
}

Result<void> suppress_time_limits(StapOptions& options, const std::string&) {
  options.no_time_limits = true;
  options.run.definitions.push_back("MAXACTION=" + std::to_string(INT64_MAX));
  return {};
}

Result<void> output(StapOptions& options, const std::string& name) {
  options.run.output.file = with_time(name);
  return {};
}

Result<void> file_limits(StapOptions& options, const std::string& limits) {
  const std::size_t comma = std::min(limits.find(','), limits.size());
  const auto megabytes = number_of<std::uint32_t>(limits.substr(0, comma));
  const auto count = number_of<std::uint32_t>(limits.substr(std::min(comma + 1, limits.size())));
  if (!megabytes || *megabytes == 0 || (comma < limits.size() && !count))
    return failure("-S takes MB or MB,COUNT, not " + limits);
  options.run.output.file_limits.size = std::uint64_t{*megabytes} << 20;
  if (count.value_or(0) > 0) options.run.output.file_limits.count = *count;
  return {};
}

// MAJOR, or MAJOR.MINOR and whatever follows.
Result<void> version(StapOptions& options, const std::string& number) {
  int parts[2] = {0, 0};
  const char* at = number.data();
  const char* const end = at + number.size();
  for (int& part : parts) {
    const auto [rest, code] = std::from_chars(at, end, part);
    if (code == std::errc::result_out_of_range) part = INT_MAX;
    if (code == std::errc::invalid_argument || part < 0 || (rest < end && *rest != '.'))
      return failure("--compatible: " + number + " is no version");
    if (rest == end || &part == &parts[1]) break;
    at = rest + 1;
  }
  if (std::pair(parts[0], parts[1]) > std::pair(4, 8))
    return failure("--compatible: " + number + " is later than 4.8, whose language this is");
  options.run.script.systemtap_version = number;
  return {};
}

Result<void> color(StapOptions& options, const std::string& when) {
  if (auto known = one_of("--color", when, {"", "always", "never", "auto"}); !known) return known;
  options.run.script.color = when == "never"  ? Color::never
                             : when == "auto" ? Color::automatic
                                              : Color::always;
  return {};
}

Result<void> runtime(StapOptions& options, const std::string& mode) {
  if (mode == "dyninst") return refuse_dyninst(options, mode);
  return one_of("--runtime", mode, {"kernel", "bpf"});
}

Result<void> refuse_dyninst(StapOptions&, const std::string&) {
  return failure("the dyninst runtime rewrites user programs, which socktap does not",
                 "leave the option out: sockets are traced in the kernel, by eBPF");
}

Result<void> refuse_remote(StapOptions&, const std::string& host) {
  return failure("--remote: socktap runs scripts on this machine only",
                 "ssh " + host + " socktap run - <SCRIPT");
}

Result<void> check_when(StapOptions&, const std::string& when) {
  return one_of("--prologue-searching", when, {"", "never", "always", "auto"});
}

Result<void> check_privilege(StapOptions&, const std::string& level) {
  return one_of("--privilege", level, {"stapusr", "stapsys", "stapdev"});
}

Result<void> check_resource_limit(StapOptions&, const std::string& number) {
  if (!number_of<unsigned long long>(number))
    return failure("--rlimit-*: " + number + " is no number");
  return {};
}

Result<void> check_interval(StapOptions&, const std::string& seconds) {
  const auto interval = number_of<int>(seconds);
  if (!seconds.empty() && (!interval || *interval < 1))
    return failure("--monitor: " + seconds + " is no number of seconds");
  return {};
}

Result<void> check_yes_or_no(StapOptions&, const std::string& answer) {
  return one_of("--use-server-on-error", answer, {"", "yes", "no"});
}

Result<void> check_download(StapOptions&, const std::string& answer) {
  if (number_of<unsigned>(answer)) return {};  // seconds
  return one_of("--download-debuginfo", answer, {"", "yes", "no", "ask"});
}

}  // namespace socktap::cli::stap
