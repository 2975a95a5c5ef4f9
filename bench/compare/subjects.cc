#include "compare/subjects.h"

#include <cassert>
#include <sstream>

namespace socktap::bench {
namespace {

constexpr std::string_view quiet = "-q";

constexpr Subject rows[] = {
    {"floor", Tool::floor, "a raw tracepoint program that returns 0"},

    {"socktap count", Tool::socktap, "a plain count", "n++", seen_in_words, quiet, "global n",
     R"(println("seen ", n))"},
    {"socktap sum", Tool::socktap, "sum of sizes by process, family and protocol",
     "bytes[execname(), pid(), family, protocol] += size", seen_in_words, quiet, "global bytes",
     R"(foreach ([c, p, f, r] in bytes) println("seen ", bytes[c, p, f, r]))"},
    {"socktap statistics", Tool::socktap, "count, sum, min, max, average by six fields",
     "s[execname(), pid(), family, type, protocol, state] <<< size", seen_in_words, quiet,
     "global s",
     R"(foreach ([c, p, f, t, r, i] in s) {
          printf("sum %d min %d max %d avg %d\n", @sum(s[c, p, f, t, r, i]),
                 @min(s[c, p, f, t, r, i]), @max(s[c, p, f, t, r, i]), @avg(s[c, p, f, t, r, i]))
          println("seen ", @count(s[c, p, f, t, r, i])) })"},
    {"socktap hist", Tool::socktap, "histogram of sizes by powers of two", "h <<< size",
     seen_in_words, quiet, "global h", R"(print(@hist_log(h)) println("seen ", @count(h)))"},
    {"socktap printf", Tool::socktap, "a line of six fields",
     R"(printf("%s(%d) %s %d bytes %s/%s\n", execname(), pid(), name, size,
               sock_fam_num2str(family), sock_prot_num2str(protocol)))",
     seen_in_lines, quiet},
    // As in vm_bench.
    {"socktap VM", Tool::socktap, "ten operations and an update of an array, in user space",
     R"(if (!success || size <= 0) next
        total += size
        if (size > 1024 && family == 2) big++
        t = gettimeofday_us()
        gap = t - last
        last = t
        if (gap >= 0) bytes[execname(), pid()] += size * 8)",
     seen_in_words, "-q --placement=user", "global bytes, total, big, last",
     R"(println("seen ", total))"},
    {"socktap by name", Tool::socktap, "sum of sizes by name of process",
     "bytes[execname()] += size", seen_in_words, quiet, "global bytes[200000]",
     R"(foreach (c in bytes) println("seen ", bytes[c]))"},

    {"bpftrace count", Tool::bpftrace, "a plain count", "@n = count();", seen_in_counts},
    {"bpftrace sum", Tool::bpftrace, "sum of sizes by process, family and protocol",
     "@n[comm, pid, args.family, args.protocol] = sum(args.ret);", seen_in_counts},
    {"bpftrace statistics", Tool::bpftrace, "count, sum, min, max, average by six fields",
     R"($s = (struct sock *)args.sk;
        $k = (comm, pid, args.family, $s->sk_type, args.protocol, $s->__sk_common.skc_state);
        @n[$k] = count(); @sum[$k] = sum(args.ret); @min[$k] = min(args.ret);
        @max[$k] = max(args.ret); @avg[$k] = avg(args.ret);)",
     seen_in_counts},
    {"bpftrace hist", Tool::bpftrace, "histogram of sizes by powers of two", "@h = hist(args.ret);",
     seen_in_rows},
    {"bpftrace printf", Tool::bpftrace, "a line of six fields",
     R"(printf("%s(%d) %s %d bytes %d/%d\n", comm, pid, probe, args.ret, args.family,
               args.protocol);)",
     seen_in_lines},
    {"bpftrace by name", Tool::bpftrace, "sum of sizes by name of process",
     "@n[comm] = sum(args.ret);", seen_in_counts, "", "config = { max_map_keys = 200000 }"},

    {"perf stat", Tool::perf, "a plain count", "", seen_by_perf_stat, "stat -x, -o OUT"},
    {"perf record", Tool::perf, "a binary record", "", seen_by_perf_record, "record -o OUT.data"},
    {.name = "perf trace",
     .tool = Tool::perf,
     .work = "a line",
     .seen = seen_in_lines,
     .options = "trace -o OUT",
     .slowness = 80},
    {.name = "strace",
     .tool = Tool::strace,
     .work = "a line",
     .seen = seen_in_lines,
     .options = "-o OUT -e trace=sendto,recvfrom",
     .slowness = 40},
    {.name = "strace -c",
     .tool = Tool::strace,
     .work = "count and time by system call",
     .options = "-c -o OUT",
     .slowness = 4},
};

// Messages are two events a pair, so each script is about both. That it is ready it says from a
// probe that runs once the others are attached.
std::string socktap_script(const Subject& subject) {
  std::string text(subject.globals);
  text += "\nprobe begin { println(\"ready\") }\n";
  text += "probe socket.send, socket.receive {\n" + std::string(subject.handler) + "\n}\n";
  if (!subject.ending.empty()) text += "probe end {\n" + std::string(subject.ending) + "\n}\n";
  return text;
}

// By tracepoints of perf: bpftrace finds no raw ones on kernels whose BTF lacks functions for them.
std::string bpftrace_script(const Subject& subject, const std::string& pid) {
  return std::string(subject.globals) + " BEGIN { printf(\"ready\\n\"); }\n" +
         "tracepoint:sock:sock_send_length, tracepoint:sock:sock_recv_length /pid == " + pid +
         "/ { " + std::string(subject.handler) + " }";
}

std::vector<std::string> options_of(const Subject& subject, const std::string& out) {
  std::vector<std::string> words;
  std::istringstream options{std::string(subject.options)};
  for (std::string word; options >> word;)
    words.push_back(word.starts_with("OUT") ? out + word.substr(3) : word);
  return words;
}

}  // namespace

Ready Subject::ready() const {
  if (tool == Tool::perf) return Ready::has_perf_events;
  return tool == Tool::strace ? Ready::is_tracer : Ready::says_so;
}

std::span<const Subject> subjects() { return rows; }

const Subject& subject(std::string_view name) {
  for (const Subject& row : rows)
    if (row.name == name) return row;
  assert(false && "no such subject");
  return rows[0];
}

std::vector<std::string> arguments_of(const Subject& subject, pid_t pid, const std::string& out) {
  const std::string number = std::to_string(pid);
  std::vector<std::string> words = options_of(subject, out);
  const auto add = [&](std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
  };
  switch (subject.tool) {
    case Tool::socktap:
      words.insert(words.begin(), "run");
      add({"-x", number, "-e", socktap_script(subject)});
      break;
    case Tool::bpftrace:
      add({"-e", bpftrace_script(subject, number)});
      break;
    case Tool::perf:
      add({"-e", "sock:sock_send_length,sock:sock_recv_length", "-p", number});
      break;
    case Tool::strace:
      add({"-f", "-p", number});
      break;
    default:
      break;
  }
  return words;
}

}  // namespace socktap::bench
