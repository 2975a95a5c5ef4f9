// The same workload by eBPF and by ptrace: what a script is told of it is the same, event by event
// and field by field.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "command.h"
#include "comparison.h"
#include "conformance.h"
#include "workload/marks.h"

namespace socktap::test {
namespace {

using Words = std::vector<std::string>;

// Of flags those that ptrace tells: PASSCRED, PASSSEC, PASSPIDFD, PASSRIGHTS. Each workload has a
// network namespace of its own. Which descriptors threads get that run at the same time is chance,
// and which peers are gone when a socket is closed ptrace does not always know.
const std::string script =
    "global own function in_own(netns) { if (!own) own = netns; return own && netns == own } "
    "function numbered(fd) { return execname() =~ \"^talker\" ? fd >= 0 : fd } "
    "probe socket.send, socket.receive { printf(\"%s %d %d %d %d %d %d %x %d %d %d %s %s\\n\", "
    "name, size, success, family, type, protocol, state, flags & 0x198, numbered(fd), "
    "in_own(netns), cgroup, path, execname()) } "
    "probe socket.sendmsg, socket.aio_write, socket.writev, socket.recvmsg, socket.aio_read, "
    "socket.readv { printf(\"%s %d %d %d %d %d %d %d %d %s\\n\", name, size, family, type, "
    "protocol, state, numbered(fd), in_own(netns), cgroup, path) } "
    "probe socket.create { printf(\"%s %d %d %d %d %d %d\\n\", name, family, type, protocol, "
    "requester, in_own(netns), cgroup) } "
    "probe socket.create.return { printf(\"%s %d %d %d %d %d %d\\n\", name, family, type, "
    "protocol, success, err, in_own(netns)) } "
    "probe socket.close { printf(\"%s %d %d %d %d %x %d %d %d %s %s %d\\n\", name, family, type, "
    "protocol, state, flags & 0x198, numbered(fd), in_own(netns), cgroup, path, local_addr, "
    "local_port != 0) } "
    "probe socket.close.return { println(name) } "
    "probe tcp.disconnect, udp.disconnect { printf(\"%s %d %d\\n\", name, family, flags) } "
    "probe tcp.disconnect.return, udp.disconnect.return { printf(\"%s %d\\n\", name, ret) } "
    "probe process.begin, process.end { println(pp()) }";

struct Told {
  Words lines;  // sorted
  std::map<std::string, long>
      sums;                         // of the sizes of what comes in pieces, by the rest of the line
  std::vector<Happening> promised;  // by the workload
};

// How large transfers come to pieces is a matter of time. The workload's thread `reader` takes
// them.
constexpr long largest_whole = 5000;

void add_line(Told& told, const std::string& line) {
  std::istringstream words(line);
  std::string name, rest;
  long size = 0;
  const bool is_conclusion =
      line.starts_with("socket.send ") || line.starts_with("socket.receive ");
  const bool is_piece =
      words >> name >> size && (size > largest_whole || line.ends_with(" reader"));
  if (!is_piece) {
    told.lines.push_back(line);
  } else if (is_conclusion) {
    std::getline(words, rest);
    told.sums[name + rest] += size;
  }
}

Told told_by(const std::string& backend) {
  Told told;
  const TemporaryFile truth("truth");
  const Outcome outcome =
      run({SOCKTAP_BINARY, "run", "--backend", backend, "-q", "-w", "-e", script, "-c",
           std::string(SOCKTAP_WORKLOAD) + " --calls-only --truth " + truth.path()});
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  const std::regex number_of_process("(@socktap-workload)-[0-9]+");
  for (const std::string& line : lines_of(outcome.output))
    add_line(told, std::regex_replace(line, number_of_process, "$1"));
  std::ranges::sort(told.lines);
  std::ifstream in(truth.path());
  told.promised = read_truth(in);
  return told;
}

// Which may be told or not: splice out of a stream, the try that ends a batch.
Words lines_that_may_miss(const std::vector<Happening>& promised) {
  namespace mark = workload::mark;
  Words starts;
  for (const Happening& happening : promised)
    if (happening.phase == tapset::Phase::conclusion &&
        (happening.mark == mark::splice_out_of_stream || happening.mark == mark::short_batch_end)) {
      const bool sends = happening.operation == tapset::Operation::send;
      starts.push_back((sends ? "socket.send " : "socket.receive ") +
                       std::to_string(happening.get(Value::size)) + " ");
    }
  return starts;
}

// Lines of one that the other lacks, but for those.
Words missing(const Told& one, const Told& other, Words may_miss) {
  Words lines;
  std::ranges::set_difference(one.lines, other.lines, std::back_inserter(lines));
  std::erase_if(lines, [&may_miss](const std::string& line) {
    const auto known = std::ranges::find_if(
        may_miss, [&line](const std::string& start) { return line.starts_with(start); });
    if (known == may_miss.end()) return false;
    may_miss.erase(known);
    return true;
  });
  return lines;
}

TEST(PtraceAgreement, WithEbpf) {
  if (const std::string why = refusal_of_ebpf(); !why.empty()) GTEST_SKIP() << why;
  leave_out_leak_search();
  const Told by_ebpf = told_by("ebpf");
  const Told by_ptrace = told_by("ptrace");
  EXPECT_GT(by_ebpf.lines.size(), 10'000u);
  EXPECT_GT(by_ebpf.sums.size(), 5u);
  const Words may_miss = lines_that_may_miss(by_ptrace.promised);
  EXPECT_EQ(missing(by_ebpf, by_ptrace, may_miss), Words());
  EXPECT_EQ(missing(by_ptrace, by_ebpf, may_miss), Words());
  EXPECT_EQ(by_ebpf.sums, by_ptrace.sums);
}

}  // namespace
}  // namespace socktap::test
