#include "random_script.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

namespace socktap::test {
namespace {

constexpr const char* points[] = {
    "socket.send",          "socket.sendmsg.return", "socket.receive",   "socket.readv",
    "socket.create.return", "socket.close",          "socket.aio_write", "socket.writev.return",
    "tcp.sendmsg.return",   "udp.recvmsg.return"};
using tapset::Variable;
constexpr Variable variables[] = {
    Variable::size,        Variable::protocol, Variable::family,    Variable::state,
    Variable::flags,       Variable::type,     Variable::success,   Variable::requester,
    Variable::err,         Variable::sock,     Variable::msg_flags, Variable::local_port,
    Variable::remote_port, Variable::fd,       Variable::netns,     Variable::cgroup};
constexpr const char* functions[] = {"pid()",  "tid()", "ppid()", "uid()",
                                     "euid()", "gid()", "cpu()",  "target()"};
constexpr const char* operators[] = {"+", "-", "*", "&", "|", "^", "<<", ">>"};
constexpr const char* comparisons[] = {"==", "!=", "<", "<=", ">", ">="};
constexpr const char* names[] = {
    "", "a", "nginx", "workload", "socktap-", "fifteen_letters", "sixteen_letters_"};
constexpr OwnElement own_elements[] = {
    {"t0", "t0[tid()]", "(tid() in t0)"},
    {"t1", "t1[tid(), execname()]", "([tid(), execname()] in t1)"},
    {"t2", "t2[family, tid()]", "([family, tid()] in t2)"}};
constexpr const char* clocks[] = {"gettimeofday_us()", "gettimeofday_s()", "local_clock_ns()",
                                  "get_cycles()"};
constexpr std::int64_t numbers[] = {0,
                                    1,
                                    2,
                                    6,
                                    17,
                                    63,
                                    64,
                                    127,
                                    128,
                                    255,
                                    32767,
                                    65535,
                                    std::numeric_limits<std::int32_t>::max(),
                                    std::int64_t{1} << 31,
                                    std::int64_t{1} << 32,
                                    std::numeric_limits<std::int64_t>::max()};

}  // namespace

std::string RandomScript::filtered_script() {
  std::string script;
  for (std::uint32_t i = below(3) + 1; i > 0; --i) script += handler();
  return script;
}

std::string RandomScript::handler() {
  const char* const one = one_of(points);
  const char* const other = one_of(points);
  points_ = {tapset::find_probe_point(one), tapset::find_probe_point(other)};
  const std::string first = condition(3);
  const std::string second = condition(2);
  switch (below(4)) {
    case 0:
      return fmt::format("probe {} {{ if ({}) println(1) }}\n", one, first);
    case 1:
      return fmt::format("probe {}, {} {{ if ({}) next; println(1) }}\n", one, other, first);
    case 2:
      return fmt::format("probe {} {{ if ({}) next; if ({}) {{ println(1) }} }}\n", one, first,
                         second);
    default:
      return fmt::format("probe {} if ({}) {{ if (!({})) next; println(1) }}\n", one, first,
                         second);
  }
}

std::string RandomScript::keeping_script() {
  std::vector<Global> globals;
  for (std::uint32_t i = 0; i < 4; ++i) globals.push_back(global(i));
  std::string script =
      "global most, wanted, names\nprobe begin { most = 60; wanted[1, 2] = 1; wanted[0, 10] = 2; "
      "wanted[1, 1] = 1; names[\"nginx\"] = 1; names[\"a\"] = 1; names[\"socket.send\"]++ }\n";
  has_own_ = below(2) == 0;
  std::string shows;
  for (const Global& each : globals) {
    // Small enough to be quick, large enough for all keys that events make.
    script += fmt::format("global {}{}\n", each.name, each.columns.empty() ? "" : "[300]");
    // Its type is known, whoever uses it.
    script += fmt::format("probe begin {{ {}; delete {} }}\n", first_update(each), each.name);
    shows += shown(each);
  }
  for (std::uint32_t i = below(3) + 1; i > 0; --i) script += keeping_handler(globals);
  for (const OwnElement& own : own_elements)
    if (has_own_) script += own_pair(own, globals);
  if (below(3) == 0) script += handler();
  script += fmt::format("probe timer.s(1) {{ println(\"timer\")\n{}{}}}\n", shows,
                        below(2) && !globals[0].columns.empty() ? "delete g0\n" : "");
  return script + fmt::format("probe end {{\n{}}}\n", shows);
}

RandomScript::Global RandomScript::global(std::uint32_t number) {
  constexpr const char* columns[] = {"", "n", "s", "nn", "ns", "sns"};
  const auto kind = static_cast<Global::Kind>(below(5));
  return {fmt::format("g{}", number), one_of(columns), kind};
}

std::string RandomScript::keeping_handler(const std::vector<Global>& globals) {
  const char* const one = one_of(points);
  const char* const other = below(2) ? one_of(points) : one;
  points_ = {tapset::find_probe_point(one), tapset::find_probe_point(other)};
  std::string body;
  if (below(2)) body += fmt::format("if ({}) next\n", condition(1));
  if (below(3) == 0) body += fmt::format("if ({}) next\n", settled_condition());
  if (below(2))
    body += fmt::format("x = {}\nx {} {}\ny++\n", number(2), below(2) ? "+=" : "-=", number(1));
  if (has_own_) body += own_statement();
  body += updates(globals);
  if (has_own_) body += own_statement();
  if (below(3) == 0)
    body += fmt::format("if ({}) {{ {} }} else {{ {} }}\n",
                        below(2) ? settled_condition() : condition(2), updates(globals),
                        updates(globals));
  const bool uses_locals = body.find("x = ") != std::string::npos;
  if (uses_locals) body += fmt::format("if (x > {}) {{ {} }}\n", number(1), updates(globals));
  if (below(8) == 0) body += fmt::format("println({})\n", number(1));
  return fmt::format("probe {}{} {{\n{}}}\n", one, other == one ? "" : fmt::format(", {}", other),
                     body);
}

// On what only begin writes.
std::string RandomScript::settled_condition() {
  switch (below(6)) {
    case 0:
      return fmt::format("{} > wanted[success, family]", number(1));
    case 4:
      return fmt::format("{} > most", number(1));
    case 1:
      return "!([success, family] in wanted)";
    case 2:
      return fmt::format("execname() in names || {}", condition(1));
    case 3:
      return fmt::format("{} && !(name in names)", condition(1));
    default:
      return fmt::format("([{}, (family & 15)] in wanted) && pid() < most", condition(1));
  }
}

// What begins at one point and ends at another.
std::string RandomScript::own_pair(const OwnElement& own, const std::vector<Global>& globals) {
  points_ = {tapset::find_probe_point(points[0]), tapset::find_probe_point(points[0])};
  return fmt::format(
      "global {0}[300]\nprobe {1} {{ {2} = {3} }}\n"
      "probe {4} {{ if ({5}) {{ {6} delete {2} }} }}\n",
      own.array, one_of(points), own.place, one_of(clocks), one_of(points), own.is_there,
      update(one_of(globals)));
}

std::string RandomScript::own_statement() {
  const OwnElement& own = one_of(own_elements);
  switch (below(5)) {
    case 0:
      return fmt::format("{} = {}\n", own.place, one_of(clocks));
    case 1:
      return fmt::format("{} {} {}\n", own.place, below(2) ? "+=" : "-=", number(1));
    case 2:
      return fmt::format("{}{}\n", own.place, below(2) ? "++" : "--");
    case 3:
      return fmt::format("if ({}) delete {}\n", below(2) ? condition(1) : "1", own.place);
    default:
      return fmt::format("if ({}) {{ {} = {} }}\n", own.is_there, own.place, number(1));
  }
}

// What needs the memory while other values wait.
std::string RandomScript::own_number() {
  const OwnElement& own = one_of(own_elements);
  switch (below(4)) {
    case 0:
      return fmt::format("({} - {})", one_of(clocks), own.place);
    case 1:
      return fmt::format("({} + ({} ? {} : {}))", number(1), own.is_there, own.place, number(1));
    case 2:
      return fmt::format("({} {} {})", number(1), one_of(comparisons), own.place);
    default:
      return fmt::format("({} {} {})", own.place, one_of(operators), number(2));
  }
}

std::string RandomScript::value_of_update() {
  return has_own_ && below(2) ? own_number() : number(2);
}

std::string RandomScript::updates(const std::vector<Global>& globals) {
  std::string text;
  for (std::uint32_t i = below(3) + 1; i > 0; --i) text += update(one_of(globals));
  return text;
}

std::string RandomScript::update(const Global& global) {
  std::string place = global.name;
  for (std::size_t i = 0; i < global.columns.size(); ++i)
    place += (i == 0 ? "[" : ", ") + (global.columns[i] == 's' ? text() : key());
  if (!global.columns.empty()) place += "]";
  switch (global.kind) {
    case Global::Kind::sum:
      if (below(3) == 0) return place + (below(2) ? "++\n" : "--\n");
      return fmt::format("{} {} {}\n", place, below(4) ? "+=" : "-=", value_of_update());
    case Global::Kind::statistic:
    case Global::Kind::histogram:
      return fmt::format("{} <<< {}\n", place, value_of_update());
    case Global::Kind::last_number:
      return fmt::format("{} = {}\n", place, value_of_update());
    case Global::Kind::last_text:
      return fmt::format("{} = {}\n", place, text());
  }
  return "";
}

// Such as begin can make.
std::string RandomScript::first_update(const Global& global) {
  std::string place = global.name;
  for (std::size_t i = 0; i < global.columns.size(); ++i)
    place += (i == 0 ? "[" : ", ") + std::string(global.columns[i] == 's' ? "\"a\"" : "1");
  if (!global.columns.empty()) place += "]";
  switch (global.kind) {
    case Global::Kind::statistic:
    case Global::Kind::histogram:
      return place + " <<< 1";
    case Global::Kind::last_text:
      return place + " = \"a\"";
    default:
      return place + " = 1";
  }
}

// Of not too many values.
std::string RandomScript::key() {
  constexpr const char* keys[] = {"pid() & 3",     "family",   "success",
                                  "requester + 1", "size & 1", "5"};
  return one_of(keys);
}

std::string RandomScript::text() {
  constexpr const char* texts[] = {"execname()", "name", "\"literal\"", "sock_fam_num2str(family)",
                                   "sock_state_num2str(pid() & 7)"};
  return one_of(texts);
}

std::string RandomScript::shown(const Global& global) {
  std::string keys, place = global.name;
  for (std::size_t i = 0; i < global.columns.size(); ++i)
    keys += fmt::format("{}{}_{}", i == 0 ? "" : ", ", global.name, i);
  if (!keys.empty()) place += "[" + keys + "]";
  const bool is_statistic =
      global.kind == Global::Kind::statistic || global.kind == Global::Kind::histogram;
  std::string show = fmt::format("println({})", place);
  if (is_statistic)
    show = fmt::format(
        "if (@count({0})) println(@count({0}), \" \", @sum({0}), \" \", @min({0}), \" \", "
        "@max({0}))",
        place);
  if (global.kind == Global::Kind::histogram)
    show += fmt::format("\nif (@count({0})) print(@hist_{1}({0}{2}))", place,
                        global.name == "g1" ? "linear" : "log",
                        global.name == "g1" ? ", -100, 9000, 700" : "");
  if (keys.empty()) return show + "\n";
  return fmt::format("foreach ([{}] in {}) {{ printdln(\",\", \"{}\", {})\n{} }}\n", keys,
                     global.name, global.name, keys, show);
}

std::string RandomScript::condition(int depth) {
  switch (depth == 0 ? 0 : below(7)) {
    case 1:
      return fmt::format("({} && {})", condition(depth - 1), condition(depth - 1));
    case 2:
      return fmt::format("({} || {})", condition(depth - 1), condition(depth - 1));
    case 3:
      return fmt::format("!{}", condition(depth - 1));
    case 4:
      return fmt::format("(execname() {} \"{}\")", below(2) ? "==" : "!=", one_of(names));
    case 5:
      return fmt::format("({})", number(depth));
    default:
      return fmt::format("({} {} {})", number(depth), one_of(comparisons), number(depth - 1));
  }
}

std::string RandomScript::number(int depth) {
  switch (depth <= 0 ? below(3) : below(9)) {
    case 0:
      return one_of(functions);
    case 1:
      return std::to_string(literal());
    case 2:
      return variable();
    case 3:
      return fmt::format("({} ? {} : {})", condition(depth - 1), number(depth - 1),
                         number(depth - 1));
    case 4:
      return fmt::format("(-{})", number(depth - 1));
    case 5:
      return fmt::format("(~{})", number(depth - 1));
    case 6:
      return fmt::format("{}", condition(depth - 1));
    case 7:
      return fmt::format("({} {} {})", number(depth - 1), below(2) ? "/" : "%",
                         below(3) ? 1 + below(9) : 10'000'000'000);
    default:
      return fmt::format("({} {} {})", number(depth - 1), one_of(operators), number(depth - 1));
  }
}

// One that all of the handler's points have, if there is one.
std::string RandomScript::variable() {
  const Variable chosen = one_of(variables);
  const bool known = std::ranges::all_of(
      points_, [chosen](const tapset::ProbePoint* point) { return point->has(chosen); });
  return known ? std::string(tapset::row(chosen).name) : "protocol";
}

std::int64_t RandomScript::literal() { return one_of(numbers); }

// Near what the conditions ask for, so that they hold now and then.
std::int64_t RandomScript::value() {
  return below(4) == 0 ? static_cast<std::int64_t>(random_()) : one_of(numbers) - below(2);
}

WholeEvent RandomScript::event() {
  constexpr tapset::Path paths[] = {
      tapset::Path::none,    tapset::Path::sendmsg,  tapset::Path::aio_write, tapset::Path::writev,
      tapset::Path::recvmsg, tapset::Path::aio_read, tapset::Path::readv};
  constexpr int families[] = {AF_UNIX, AF_INET, AF_INET6};
  const tapset::ProbePoint& point = *tapset::find_probe_point(one_of(points));
  tapset::Path path = one_of(paths);
  while (!point.paths.contains(path)) path = one_of(paths);
  WholeEvent whole{};
  Event& event = whole.record;
  event.operation = static_cast<__u8>(point.operation);
  event.phase = static_cast<__u8>(point.phase);
  event.path = static_cast<__u8>(path);
  event.tgid = static_cast<__u32>(value());
  event.tid = below(3) ? below(4) : static_cast<__u32>(value());  // some have several events
  event.time = time_ += 1 + below(2'000'000);
  event.ppid = static_cast<__u32>(value());
  event.uid = static_cast<__u32>(value());
  event.euid = static_cast<__u32>(value());
  event.gid = static_cast<__u32>(value());
  event.cpu = static_cast<__u16>(value());
  event.sock = static_cast<__u64>(value());
  event.size = value();
  event.flags = static_cast<__u32>(value());
  event.msg_flags = static_cast<__u32>(value());
  event.protocol = below(2) ? IPPROTO_TCP : static_cast<__s32>(value());
  event.err = static_cast<__s32>(-value());
  event.family = static_cast<__s16>(one_of(families));
  event.type = static_cast<__s16>(below(2) ? std::int64_t{SOCK_STREAM} : value());
  event.state = static_cast<__s8>(value());
  event.success = static_cast<__u8>(below(2));
  event.requester = static_cast<__u8>(below(2));
  // The kernel may leave what it likes behind the text.
  for (char& byte : event.comm) byte = static_cast<char>(random_());
  const std::string_view name = one_of(names);
  const std::size_t length = std::min<std::size_t>(name.size(), sizeof(event.comm) - 1);
  std::memcpy(event.comm, name.data(), length);
  event.comm[length] = '\0';
  whole.tail.local_port = static_cast<__u16>(value());
  whole.tail.remote_port = static_cast<__u16>(value());
  whole.tail.fd = static_cast<__s32>(value());
  whole.tail.netns = static_cast<__u32>(value());
  whole.tail.cgroup = static_cast<__u64>(value());
  return whole;
}

}  // namespace socktap::test
