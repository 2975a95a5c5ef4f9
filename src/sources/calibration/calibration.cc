#include "sources/calibration/calibration.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/proc.h"

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

// Sizes that nobody else on this thread is likely to use, and that fit in one segment.
constexpr std::size_t first_size = 877;

// What should not take long must not hang either.
void limit_waiting(int fd) {
  const timeval limit{.tv_usec = 100'000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

// No size tells one from another.
bool is_counted(Operation operation) {
  return operation == Operation::create || operation == Operation::close ||
         operation == Operation::disconnect || operation == Operation::call ||
         operation == Operation::process;
}

auto& of(auto& outcomes, Operation operation, Phase phase) {
  return outcomes[static_cast<std::size_t>(operation)][static_cast<std::size_t>(phase)];
}

// No message of ours comes near it, with whatever headers.
constexpr std::size_t packet_size = 1999;

bool pass_through(const SocketPair& pair) {
  std::array<char, 2048> room{};
  return ::send(pair.sender.get(), room.data(), packet_size, 0) > 0 &&
         ::recv(pair.receiver.get(), room.data(), room.size(), 0) > 0;
}

// A thread that io_uring made, for requests that cannot be served at once.
bool is_worker(pid_t thread) { return proc_command(thread).starts_with("iou-wrk-"); }

Verdict judge(std::uint64_t driven, std::uint64_t seen) {
  if (driven == 0) return Verdict::not_verified;
  if (seen == driven) return Verdict::exactly_once;
  return seen < driven ? Verdict::blind : Verdict::twice;
}

}  // namespace

Calibration::Calibration(const Interest& interest, Extent extent)
    : interest_(interest), extent_(extent), next_size_(first_size) {
  if (extent == Extent::paths) return;
  for (const int family : {AF_INET, AF_INET6, AF_NETLINK})
    if (is_offered(family)) families_.push_back(family);
}

std::vector<SocketPair> Calibration::open_pairs() const {
  std::vector<SocketPair> pairs;
  pairs.push_back(unix_pair(SOCK_DGRAM));
  if (extent_ == Extent::paths) return pairs;
  pairs.push_back(unix_pair(SOCK_STREAM));
  pairs.push_back(unix_pair(SOCK_SEQPACKET));
  for (const int family : families_) {
    if (family == AF_NETLINK) {
      pairs.push_back(netlink_pair());
      continue;
    }
    pairs.push_back(tcp_pair(family));
    pairs.push_back(udp_pair(family));
  }
  return pairs;
}

void Calibration::drive() {
  thread_ = ::gettid();
  const bool messages =
      interest_.wants_messages(Phase::begin) || interest_.wants_messages(Phase::conclusion);
  for (const SocketPair& pair : open_pairs()) {
    expect_sockets(Operation::create, static_cast<std::uint64_t>(pair.created));
    expect_sockets(Operation::close, static_cast<std::uint64_t>(pair.open()));
    if (messages && pair.valid()) exchange(pair);
  }
  if (extent_ == Extent::calls) close_otherwise();
  send_packet();
  send_segment();
  disconnect();
  call();
  fork_child();
}

// Of what is made here, the making and the release are seen too.
SocketPair Calibration::open_pair(SocketPair pair) {
  expect_sockets(Operation::create, static_cast<std::uint64_t>(pair.created));
  expect_sockets(Operation::close, static_cast<std::uint64_t>(pair.open()));
  if (pair.valid()) limit_waiting(pair.receiver.get());
  return pair;
}

// A datagram over the loopback device, which has Ethernet's header on the way out.
void Calibration::send_packet() {
  constexpr std::size_t headers = 20 + 8;  // IPv4, UDP
  constexpr std::size_t device_header = 14;
  if (!interest_.wants(Operation::net_transmit) && !interest_.wants(Operation::net_receive)) return;
  const SocketPair pair = open_pair(udp_pair(AF_INET));
  if (!pair.valid() || !pass_through(pair)) return;
  expect_packet(Operation::net_transmit, packet_size + headers + device_header, "a datagram");
  expect_packet(Operation::net_receive, packet_size + headers, "a datagram");
}

void Calibration::send_segment() {
  if (!interest_.wants(Operation::segment)) return;
  const SocketPair pair = open_pair(tcp_pair(AF_INET));
  if (!pair.valid() || !pass_through(pair)) return;
  expect_packet(Operation::segment, packet_size, "a TCP segment");
}

void Calibration::expect_packet(Operation operation, std::size_t length, std::string_view what) {
  if (interest_.wants(operation))
    messages_.push_back({operation, Phase::begin, Path::none, static_cast<std::int64_t>(length),
                         what, "the loopback device"});
}

// By a child that ends at once, and shares this process's memory until then.
void Calibration::fork_child() {
  if (!interest_.wants(Operation::process)) return;
  const pid_t child = ::vfork();
  if (child == 0) ::_exit(0);
  if (child < 0) return;
  child_ = child;
  ::waitpid(child, nullptr, 0);  // unless somebody else here has
  expect_sockets(Operation::process, 1);
}

long Calibration::system_call() { return SYS_getppid; }

void Calibration::call() {
  if (!interest_.wants(Operation::call)) return;
  ::syscall(system_call());
  expect_sockets(Operation::call, 1);
}

void Calibration::disconnect() {
  if (!interest_.wants(Operation::disconnect)) return;
  const SocketPair pair = open_pair(udp_pair(AF_INET));
  const sockaddr nobody = {.sa_family = AF_UNSPEC, .sa_data = {}};
  if (pair.valid() && ::connect(pair.sender.get(), &nobody, sizeof(nobody)) == 0)
    expect_sockets(Operation::disconnect, 1);
}

// Sends by every way, and receives each message by another.
void Calibration::exchange(const SocketPair& pair) {
  const bool all = extent_ == Extent::calls;
  const auto sends = all ? all_ways(Operation::send) : plain_ways(Operation::send);
  const auto receives = all ? all_ways(Operation::receive) : plain_ways(Operation::receive);
  limit_waiting(pair.receiver.get());
  for (std::size_t i = 0; i < std::max(sends.size(), receives.size()); ++i) {
    const std::size_t size = next_size_++;
    if (!move(sends[i % sends.size()], pair.sender.get(), size, pair.kind)) continue;
    const Way& receive = receives[i % receives.size()];
    if (!move(receive, pair.receiver.get(), size, pair.kind))
      move(receives[0], pair.receiver.get(), size, pair.kind);
  }
}

// Expects the message if the way could be gone here.
bool Calibration::move(const Way& way, int socket, std::size_t size, std::string_view kind) {
  std::array<char, 2048> room{};
  if (!way.run(workshop_, socket, std::span(room).first(size))) return false;
  for (const Phase phase : {Phase::begin, Phase::conclusion})
    if (interest_.wants(way.operation, phase, way.path) &&
        (phase == Phase::conclusion || way.begin_is_seen))
      messages_.push_back(
          {way.operation, phase, way.path, static_cast<std::int64_t>(size), way.name, kind});
  return true;
}

// Releases by dup2 and close_range. Those at the end of a program are not this process's to make.
void Calibration::close_otherwise() {
  const UniqueFd other(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  for (const bool by_dup : {true, false}) {
    SocketPair pair = unix_pair(SOCK_DGRAM);
    if (!pair.valid() || !other.valid()) continue;
    const auto first = static_cast<unsigned>(pair.sender.get());
    if (by_dup ? ::dup2(other.get(), pair.sender.get()) < 0
               : ::syscall(SYS_close_range, first, first, 0) != 0)
      continue;
    if (!by_dup) static_cast<void>(pair.sender.release());
    expect_sockets(Operation::create, 2);
    expect_sockets(Operation::close, 2);
  }
}

void Calibration::expect_sockets(Operation operation, std::uint64_t count) {
  for (const Phase phase : {Phase::begin, Phase::conclusion})
    if (interest_.wants(operation, phase, Path::none))
      of(sockets_, operation, phase).driven += count;
}

// What is sent, received and released a worker of the calibration's own io_uring may do, too.
bool Calibration::has_made(const Event& event) const {
  const auto thread = static_cast<pid_t>(event.tid);
  switch (operation_of(event)) {
    case Operation::net_transmit:
    case Operation::net_receive:
    case Operation::segment:
      return true;
    case Operation::process:
      return static_cast<pid_t>(event.tgid) == child_;
    case Operation::send:
    case Operation::receive:
    case Operation::close:
      return thread == thread_ || is_worker(thread);
    default:
      return thread == thread_;
  }
}

void Calibration::see(const Event& event) {
  const Operation operation = operation_of(event);
  if (is_counted(operation)) {
    ++of(sockets_, operation, phase_of(event)).seen;
    return;
  }
  const auto known =
      std::find_if(messages_.begin(), messages_.end(), [&](const Expectation& message) {
        return message.operation == operation && message.phase == phase_of(event) &&
               message.size == event.size &&
               (message.path == path_of(event) || !interest_.tell_paths);
      });
  if (known != messages_.end()) ++known->seen;
}

Calibration::Outcome Calibration::outcome(Operation operation, Phase phase, Path path) const {
  if (is_counted(operation)) {
    Outcome outcome = of(sockets_, operation, phase);
    outcome.verdict = judge(outcome.driven, outcome.seen);
    return outcome;
  }
  Outcome outcome;
  bool missed = false;
  bool repeated = false;
  for (const Expectation& message : messages_) {
    if (message.operation != operation || message.phase != phase || message.path != path) continue;
    ++outcome.driven;
    outcome.seen += message.seen;
    if (message.seen == 0)
      outcome.missed.push_back(std::string(message.call) + " on " + std::string(message.kind));
    missed |= message.seen == 0;
    repeated |= message.seen > 1;
  }
  outcome.verdict = outcome.driven == 0 ? Verdict::not_verified
                    : missed            ? Verdict::blind
                    : repeated          ? Verdict::twice
                                        : Verdict::exactly_once;
  return outcome;
}

}  // namespace socktap::sources
