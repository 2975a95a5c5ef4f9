#include "cli/trace_filters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pwd.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <span>
#include <string_view>

#include "base/cgroups.h"
#include "base/diagnostic.h"
#include "base/errno_names.h"
#include "cli/arguments.h"
#include "socktap/tapset.h"

namespace socktap::cli {
namespace {

using Words = std::vector<std::string>;

std::optional<std::int64_t> number_in(std::string_view word) {
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (code != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return number;
}

std::string upper(std::string_view word) {
  std::string text(word);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

Error unknown(std::string_view what, const std::string& word,
              const std::vector<std::string_view>& names) {
  const auto near = nearest(upper(word), names);
  return {fmt::format("{} is no {}", word, what),
          near ? fmt::format("did you mean {}?", *near) : "a name as events show it, or a number"};
}

// Names as the tables have them, in any case, or numbers.
Result<std::int64_t> look_up(std::string_view what, const std::string& word,
                             std::span<const NumberName> table) {
  if (const auto number = number_in(word)) return *number;
  std::vector<std::string_view> names;
  for (const NumberName& row : table) {
    if (upper(row.name) == upper(word)) return row.number;
    names.push_back(row.name);
  }
  return tl::unexpected(unknown(what, word, names));
}

Result<std::int64_t> family_in(const std::string& word) {
  constexpr NumberName others[] = {{1, "UNIX"}, {2, "IPV4"}, {2, "IP"}, {10, "IPV6"}, {10, "IP6"}};
  for (const NumberName& other : others)
    if (upper(word) == other.name) return other.number;
  return look_up("address family", word, families);
}
Result<std::int64_t> type_in(const std::string& word) {
  return look_up("socket type", word, types);
}
Result<std::int64_t> protocol_in(const std::string& word) {
  return look_up("protocol", word, protocols);
}

Result<std::int64_t> user_in(const std::string& word) {
  if (const auto number = number_in(word); number && *number >= 0) return *number;
  const passwd* user = ::getpwnam(word.c_str());
  if (user == nullptr)
    return failure("there is no user " + word, "a name or a number that getent passwd lists");
  return user->pw_uid;
}

Result<std::int64_t> errno_in(const std::string& word) {
  constexpr std::uint64_t largest = 4095;
  if (const auto number = number_in(word)) return std::abs(*number);
  std::vector<std::string_view> names;
  for (std::uint64_t code = 1; code <= largest; ++code) {
    const std::string_view name = errno_name(code);
    if (name.empty()) continue;
    if (name == upper(word)) return static_cast<std::int64_t>(code);
    names.push_back(name);
  }
  return tl::unexpected(unknown("errno", word, names));
}

// "(family == 2 || family == 10)"
std::string any_of(const std::vector<std::string>& conditions) {
  return fmt::format("({})", fmt::join(conditions, " || "));
}
std::string is_one_of(std::string_view what, const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> conditions;
  std::ranges::transform(numbers, std::back_inserter(conditions), [what](std::int64_t number) {
    return fmt::format("{} == {}", what, number);
  });
  return any_of(conditions);
}

// What a pattern of the shell begins with that stands for characters by itself: one character, or
// a bracket with what it holds. A bracket that nothing closes is itself.
std::string_view first_part(std::string_view pattern) {
  const std::size_t closing =
      pattern.starts_with("[") ? pattern.find(']', 2) : std::string_view::npos;
  return pattern.substr(0, closing == std::string_view::npos ? 1 : closing + 1);
}

// A pattern of the shell as a regular expression.
std::string expression_of(std::string_view pattern) {
  std::string expression = "^";
  while (!pattern.empty()) {
    const std::string_view part = first_part(pattern);
    const char c = part.front();
    pattern.remove_prefix(part.size());
    if (part.size() > 1) {
      const bool is_negated = part[1] == '!' || part[1] == '^';
      expression += is_negated ? "[^" : "[";
      expression += part.substr(is_negated ? 2 : 1);
    } else if (c == '*') {
      expression += ".*";
    } else if (c == '?') {
      expression += '.';
    } else if (std::string_view(".+(){}|^$\\[]").find(c) != std::string_view::npos) {
      expression += '\\';
      expression += c;
    } else {
      expression += c;
    }
  }
  return expression + "$";
}

std::string as_literal(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') literal += '\\';
    if (c == '\n')
      literal += "\\n";
    else
      literal += c;
  }
  return literal + '"';
}

constexpr std::size_t longest_command = 15;  // of a command's name the kernel keeps so much

// Where a pattern of a whole name may be cut as names are, so that it means what is left of them.
Result<std::string_view> cut_pattern(std::string_view pattern) {
  std::size_t length = 0;  // of what it matches, at least
  bool has_star = false;
  for (std::size_t i = 0; i < pattern.size();) {
    const std::string_view part = first_part(pattern.substr(i));
    i += part.size();
    has_star = has_star || part == "*";
    if (part != "*") ++length;
    if (length == longest_command && !has_star) return pattern.substr(0, i);
  }
  if (length > longest_command)
    return failure(fmt::format("no command has a name that {} matches", pattern),
                   "the kernel keeps the first 15 characters of a name: leave out what follows");
  return pattern;
}

Result<std::string> is_command(const std::string& name) {
  if (name.find_first_of("*?[") == std::string::npos)
    return "execname() == " + as_literal(std::string_view(name).substr(0, longest_command));
  const auto pattern = cut_pattern(name);
  if (!pattern) return tl::unexpected(pattern.error());
  return "execname() =~ " + as_literal(expression_of(*pattern));
}

// A path's cgroup has one id, which the kernel compares; patterns are compared with the names of
// ids.
Result<std::string> is_cgroup(const std::string& word, bool of_recording) {
  if (const auto id = number_in(word)) return fmt::format("cgroup == {}", *id);
  if (!word.starts_with("/"))
    return failure(word + " is no cgroup",
                   "a path as in /proc/PID/cgroup, a pattern of one, or an id");
  if (word.find_first_of("*?[") != std::string::npos)
    return "cgroup_path(cgroup) =~ " + as_literal(expression_of(word));
  if (of_recording) return "cgroup_path(cgroup) == " + as_literal(word);
  const auto mount = cgroup_mount();
  if (!mount)
    return failure("there are no cgroups of version 2 here", "socktap doctor says which there are");
  const std::uint64_t id = cgroup_id(*mount, word);
  if (id == 0) return failure("there is no cgroup " + word, "systemd-cgls lists them");
  return fmt::format("cgroup == {}", id);
}

// What can be traced: the probe point, what --op calls it, and the kind that it is of.
enum class Kind { message, create, close };
struct Operation {
  std::string_view point, name, group;
  Kind kind;
};
constexpr Operation operations[] = {
    {"socket.sendmsg.return", "sendmsg", "send", Kind::message},
    {"socket.aio_write.return", "aio_write", "send", Kind::message},
    {"socket.writev.return", "writev", "send", Kind::message},
    {"socket.recvmsg.return", "recvmsg", "receive", Kind::message},
    {"socket.aio_read.return", "aio_read", "receive", Kind::message},
    {"socket.readv.return", "readv", "receive", Kind::message},
    {"socket.create.return", "create", "create", Kind::create},
    {"socket.close", "close", "close", Kind::close},
};

bool is_named(const Operation& operation, const std::string& word) {
  return operation.name == word || operation.group == word ||
         (word == "recv" && operation.group == "receive");
}

class ScriptMaker {
 public:
  explicit ScriptMaker(const TraceFilters& filters) : filters_(filters) {}

  Result<std::string> make() {
    for (const auto& add : {&ScriptMaker::add_tasks, &ScriptMaker::add_sockets})
      if (auto added = (this->*add)(); !added) return tl::unexpected(added.error());
    std::string script;
    for (const Kind kind : {Kind::message, Kind::create, Kind::close}) {
      auto probe = probe_of(kind);
      if (!probe) return tl::unexpected(probe.error());
      script += *probe;
    }
    if (script.empty())
      return failure("the filters leave nothing to trace",
                     "--min-size is about messages, --port not about create, --errors not about "
                     "close");
    return script;
  }

 private:
  Result<void> add_tasks() {
    if (!filters_.pids.empty()) common_.push_back(is_one_of("pid()", filters_.pids));
    if (!filters_.commands.empty()) {
      std::vector<std::string> conditions;
      for (const std::string& name : filters_.commands) {
        const auto condition = is_command(name);
        if (!condition) return tl::unexpected(condition.error());
        conditions.push_back(*condition);
      }
      common_.push_back(any_of(conditions));
    }
    if (!filters_.cgroups.empty()) {
      std::vector<std::string> conditions;
      for (const std::string& word : filters_.cgroups) {
        const auto condition = is_cgroup(word, filters_.of_recording);
        if (!condition) return tl::unexpected(condition.error());
        conditions.push_back(*condition);
      }
      common_.push_back(any_of(conditions));
    }
    return add_numbers("uid()", filters_.users, user_in, common_);
  }

  Result<void> add_sockets() {
    if (auto added = add_numbers("family", filters_.families, family_in, common_); !added)
      return added;
    if (auto added = add_numbers("type", filters_.types, type_in, common_); !added) return added;
    return add_numbers("protocol", filters_.protocols, protocol_in, common_);
  }

  static Result<void> add_numbers(
      std::string_view what, const Words& words,
      const std::function<Result<std::int64_t>(const std::string&)>& number_of, Words& conditions) {
    if (words.empty()) return {};
    std::vector<std::int64_t> numbers;
    for (const std::string& word : words) {
      const auto number = number_of(word);
      if (!number) return tl::unexpected(number.error());
      numbers.push_back(*number);
    }
    conditions.push_back(is_one_of(what, numbers));
    return {};
  }

  // Empty: none of this kind can pass.
  Result<std::string> probe_of(Kind kind) const {
    auto points = points_of(kind);
    if (!points) return tl::unexpected(points.error());
    const bool cannot_pass = (filters_.errors && kind == Kind::close) ||
                             (filters_.min_size && kind != Kind::message) ||
                             (!filters_.ports.empty() && kind == Kind::create);
    if (points->empty() || cannot_pass) return std::string();
    Words conditions = common_;
    if (filters_.min_size) conditions.push_back(fmt::format("size >= {}", *filters_.min_size));
    if (!filters_.ports.empty())
      conditions.push_back(fmt::format("({} || {})", is_one_of("local_port", filters_.ports),
                                       is_one_of("remote_port", filters_.ports)));
    if (filters_.errors) {
      conditions.emplace_back("!success");
      if (auto added = add_numbers(kind == Kind::create ? "-err" : "-size", *filters_.errors,
                                   errno_in, conditions);
          !added)
        return tl::unexpected(added.error());
    }
    std::string text = fmt::format("probe {} {{\n", fmt::join(*points, ", "));
    for (const std::string& condition : conditions)
      text += fmt::format("  if (!({})) next\n", condition);
    return text + "  print_event()\n}\n";
  }

  Result<std::vector<std::string_view>> points_of(Kind kind) const {
    for (const std::string& word : filters_.operations)
      if (std::ranges::none_of(operations, [&](const auto& row) { return is_named(row, word); }))
        return tl::unexpected(
            Error{word + " is no operation",
                  "send, receive, create, close; or one way: sendmsg, aio_write, writev, recvmsg, "
                  "aio_read, readv"});
    std::vector<std::string_view> points;
    for (const Operation& row : operations) {
      const bool is_wanted = filters_.operations.empty() ||
                             std::ranges::any_of(filters_.operations, [&](const std::string& word) {
                               return is_named(row, word);
                             });
      if (row.kind == kind && is_wanted) points.push_back(row.point);
    }
    return points;
  }

  const TraceFilters& filters_;
  Words common_;  // conditions of every probe
};

}  // namespace

std::vector<std::string_view> operation_names() {
  std::vector<std::string_view> names;
  for (const auto member : {&Operation::group, &Operation::name})
    for (const Operation& row : operations)
      if (std::ranges::find(names, row.*member) == names.end()) names.push_back(row.*member);
  return names;
}

void add_filter_options(CLI::App& app, TraceFilters& filters) {
  const auto several = [](CLI::Option* option, const char* type_name) {
    option->type_name(type_name)->delimiter(',')->allow_extra_args(false)->group("Filters");
    return option;
  };
  several(app.add_option("--pid", filters.pids, "of these processes, without their descendants"),
          "PID,...");
  several(app.add_option("--comm", filters.commands, "of commands of these names; * ? [] match"),
          "NAME,...");
  several(app.add_option("--uid", filters.users, "of these users"), "USER,...");
  several(app.add_option("--family", filters.families, "LOCAL, INET, INET6 ..."), "FAMILY,...");
  several(app.add_option("--type", filters.types, "STREAM, DGRAM, RAW ..."), "TYPE,...");
  several(app.add_option("--protocol", filters.protocols, "TCP, UDP ..."), "PROTOCOL,...");
  several(app.add_option("--op", filters.operations,
                         "send, receive, create, close, or one way: sendmsg, aio_read ..."),
          "OPERATION,...");
  app.add_flag_callback(
         "--errors", [&filters] { filters.errors.emplace(); }, "what failed")
      ->group("Filters");
  app.add_option_function<Words>(
         "--error", [&filters](const Words& words) { filters.errors = words; },
         "what failed with these")
      ->type_name("ERRNO,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group("Filters");
  app.add_option("--min-size", filters.min_size, "messages that moved so many bytes or more")
      ->type_name("BYTES")
      ->check(number_of_at_least(0, 1e18))
      ->group("Filters");
  several(app.add_option("--port", filters.ports, "of these ports, at either end")
              ->check(CLI::Range(0, 65535)),
          "PORT,...");
  several(app.add_option("--cgroup", filters.cgroups,
                         "of tasks in these cgroups (v2): paths, patterns of them, or ids"),
          "CGROUP,...");
}

Result<std::string> trace_script(const TraceFilters& filters) {
  return ScriptMaker(filters).make();
}

}  // namespace socktap::cli
