#include "tui/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace socktap::tui {
namespace {

constexpr View::Label process_labels[] = {{"PROCESS", 15, false, "process.executable.name"},
                                          {"PID", 7, true, "process.pid"}};
constexpr View::Label socket_labels[] = {{"PROCESS", 15, false, "process.executable.name"},
                                         {"PID", 7, true, "process.pid"},
                                         {"PROTO", 5, false, "protocol"},
                                         {"LOCAL", 21, false, "local"},
                                         {"REMOTE", 21, false, "remote"}};
constexpr View::Label peer_labels[] = {{"PEER", 39, false, "peer"},
                                       {"PROTO", 5, false, "protocol"}};
constexpr View::Label family_labels[] = {
    {"FAMILY", 8, false, "family"}, {"TYPE", 9, false, "type"}, {"PROTOCOL", 8, false, "protocol"}};
constexpr View::Label cgroup_labels[] = {{"CGROUP", 48, false, "cgroup.path"}};

constexpr View rows[] = {
    {"process", 'p', "processes", "execname(), pid()", R"(text_str(k1), sprint(k2))",
     process_labels, false},
    {"socket", 's', "sockets",
     "sock, execname(), pid(), protocol, local_addr, local_port, remote_addr, remote_port, path",
     R"x(text_str(k2), sprint(k3), protocol_of(k4), end_of(k5, k6), (k9 != "" ? text_str(k9) : end_of(k7, k8)))x",
     socket_labels, true},
    {"peer", 'e', "peers", "remote_addr, protocol", R"x(peer_of(k1), protocol_of(k2))x",
     peer_labels, true},
    {"family", 'f', "families", "family, type, protocol",
     "sock_fam_num2str(k1), sock_type_num2str(k2), sock_prot_num2str(k3)", family_labels, false},
    {"cgroup", 'c', "control groups", "cgroup", "cgroup_path(k1)", cgroup_labels, false},
};

// What stands for what: @KEYS the key's expressions, @K the loop's variables, @LABELS their texts,
// @FORMAT as many %s, @SIZE the room of an array, @MS the interval.
constexpr std::string_view script = R"x(
global seen@SIZE, failed@SIZE, sent@SIZE, received@SIZE, send_ns@SIZE, receive_ns@SIZE, sizes@SIZE, since

probe begin { since = gettimeofday_ns() }

probe socket.send {
  seen[@KEYS]++
  if (success) {
    sent[@KEYS] <<< size
    sizes[@KEYS] <<< size
    if (latency) send_ns[@KEYS] <<< latency
  } else if (size != -11 /* EAGAIN: not a failure, it will be tried again */) {
    failed[@KEYS]++
  }
}

probe socket.receive {
  if (msg_flags & 2 /* MSG_PEEK */) next
  seen[@KEYS]++
  if (success) {
    received[@KEYS] <<< size
    sizes[@KEYS] <<< size
    if (latency) receive_ns[@KEYS] <<< latency
  } else if (size != -11) {
    failed[@KEYS]++
  }
}

function protocol_of:string (number:long) { return number ? sock_prot_num2str(number) : "-" }
function peer_of:string (address:string) {
  if (address == "") return "(no IP)"
  return address == "0.0.0.0" || address == "::" ? "(not connected)" : address
}
function end_of:string (address:string, port:long) {
  if (!port) return "-"
  return isinstr(address, ":") ? sprintf("[%s]:%d", address, port) : sprintf("%s:%d", address, port)
}

function table(now:long) {
  foreach ([@K] in seen) {
    printf("row\t@FORMAT", @LABELS)
    printf("\t%d\t%d\t%d\t%d", @count(sent[@K]), @sum(sent[@K]),
           @count(send_ns[@K]) ? @avg(send_ns[@K]) : 0, @count(send_ns[@K]) ? @max(send_ns[@K]) : 0)
    printf("\t%d\t%d\t%d\t%d\t%d\t", @count(received[@K]), @sum(received[@K]),
           @count(receive_ns[@K]) ? @avg(receive_ns[@K]) : 0,
           @count(receive_ns[@K]) ? @max(receive_ns[@K]) : 0, failed[@K])
    if (@count(sizes[@K])) {
      # Bucket 64 is of zeros, the next ones are of powers of two.
      for (bucket = 64; bucket < 96; bucket++)
        if (@hist_log(sizes[@K])[bucket])
          printf("%d:%d,", bucket - 65, @hist_log(sizes[@K])[bucket])
    }
    print("\n")
  }
  printf("end\t%d\t%d\n", now - since, now)
  since = now
  delete seen
  delete failed
  delete sent
  delete received
  delete send_ns
  delete receive_ns
  delete sizes
}

probe timer.ms(@MS) { table(gettimeofday_ns()) }
probe end { table(gettimeofday_ns()) }
)x";

std::size_t key_count(const View& view) {
  return static_cast<std::size_t>(std::ranges::count(view.keys, ',')) + 1;
}

std::string replaced(std::string text, std::string_view word, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += by.size())
    text.replace(at, word.size(), by);
  return text;
}

}  // namespace

std::span<const View> views() { return rows; }

const View* find_view(std::string_view name) {
  const auto* const found = std::ranges::find(rows, name, &View::name);
  return found == std::end(rows) ? nullptr : found;
}

std::string script_of(const View& view, std::uint64_t interval_ms) {
  std::string variables;
  for (std::size_t i = 1; i <= key_count(view); ++i)
    variables += fmt::format("{}k{}", i > 1 ? ", " : "", i);
  std::string format;
  for (std::size_t i = 0; i < view.labels.size(); ++i) format += i > 0 ? "\\t%s" : "%s";
  std::string text(script);
  text =
      replaced(text, "@SIZE", (view.may_overflow ? "%[" : "[") + std::to_string(most_rows) + "]");
  text = replaced(text, "@FORMAT", format);
  text = replaced(text, "@LABELS", view.printed);
  text = replaced(text, "@MS", std::to_string(interval_ms));
  text = replaced(text, "@KEYS", view.keys);
  return replaced(text, "@K", variables);
}

}  // namespace socktap::tui
