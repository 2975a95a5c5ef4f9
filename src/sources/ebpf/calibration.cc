#include "sources/ebpf/calibration.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sources/ebpf/loopback.h"

namespace socktap::sources::ebpf {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

// Sizes that nobody else on this thread is likely to use, and that fit in one segment.
constexpr std::int64_t first_size = 877;

std::vector<SocketPair> open_pairs(bool every_family) {
  std::vector<SocketPair> pairs;
  pairs.push_back(unix_pair(SOCK_DGRAM));
  if (!every_family) return pairs;
  pairs.push_back(unix_pair(SOCK_STREAM));
  pairs.push_back(unix_pair(SOCK_SEQPACKET));
  for (const int family : {AF_INET, AF_INET6}) {
    pairs.push_back(tcp_pair(family));
    pairs.push_back(udp_pair(family));
  }
  pairs.push_back(netlink_pair());
  return pairs;
}

ssize_t send_by(Path path, int fd, char* data, std::size_t size) {
  const iovec vector{data, size};
  switch (path) {
    case Path::aio_write:
      return ::write(fd, data, size);
    case Path::writev:
      return ::writev(fd, &vector, 1);
    default:
      return ::send(fd, data, size, MSG_NOSIGNAL);
  }
}

ssize_t receive_by(Path path, int fd, char* data, std::size_t size) {
  const iovec vector{data, size};
  switch (path) {
    case Path::aio_read:
      return ::read(fd, data, size);
    case Path::readv:
      return ::readv(fd, &vector, 1);
    default:
      return ::recv(fd, data, size, 0);
  }
}

// What should not take long must not hang either.
void limit_waiting(int fd) {
  const timeval limit{.tv_usec = 100'000};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

Verdict judge(std::uint64_t driven, std::uint64_t seen) {
  if (driven == 0) return Verdict::not_verified;
  if (seen == driven) return Verdict::exactly_once;
  return seen < driven ? Verdict::blind : Verdict::twice;
}

}  // namespace

struct Calibration::Pair {
  int sender;
  int receiver;
};

Calibration::Calibration(const Interest& interest, bool every_family)
    : interest_(interest), every_family_(every_family), next_size_(first_size) {}

void Calibration::drive() {
  constexpr std::pair<Path, Path> ways[] = {{Path::sendmsg, Path::recvmsg},
                                            {Path::aio_write, Path::aio_read},
                                            {Path::writev, Path::readv}};
  const bool messages =
      interest_.wants_messages(Phase::begin) || interest_.wants_messages(Phase::conclusion);
  std::vector<SocketPair> pairs = open_pairs(every_family_ && messages);
  for (const SocketPair& pair : pairs) {
    expect_sockets(Operation::create, static_cast<std::uint64_t>(pair.created));
    expect_sockets(Operation::close, static_cast<std::uint64_t>(pair.open()));
    if (!messages || !pair.valid()) continue;
    limit_waiting(pair.receiver.get());
    for (const auto& [send, receive] : ways)
      exchange({pair.sender.get(), pair.receiver.get()}, send, receive);
  }
}

void Calibration::exchange(const Pair& pair, Path send, Path receive) {
  std::array<char, 2048> data{};
  const auto size = static_cast<std::size_t>(next_size_++);
  if (send_by(send, pair.sender, data.data(), size) < 0) return;
  expect(Operation::send, send, static_cast<std::int64_t>(size));
  if (receive_by(receive, pair.receiver, data.data(), size) < 0) return;
  expect(Operation::receive, receive, static_cast<std::int64_t>(size));
}

void Calibration::expect(Operation operation, Path path, std::int64_t size) {
  for (const Phase phase : {Phase::begin, Phase::conclusion})
    if (interest_.wants(operation, phase, path))
      messages_.push_back({operation, phase, path, size});
}

void Calibration::expect_sockets(Operation operation, std::uint64_t count) {
  for (const Phase phase : {Phase::begin, Phase::conclusion})
    if (interest_.wants(operation, phase, Path::none))
      sockets_[operation == Operation::close][static_cast<int>(phase)].driven += count;
}

void Calibration::see(const Event& event) {
  const Operation operation = operation_of(event);
  if (operation == Operation::create || operation == Operation::close) {
    ++sockets_[operation == Operation::close][event.phase & 1].seen;
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
  if (operation == Operation::create || operation == Operation::close) {
    Outcome outcome = sockets_[operation == Operation::close][static_cast<int>(phase)];
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
    missed |= message.seen == 0;
    repeated |= message.seen > 1;
  }
  outcome.verdict = outcome.driven == 0 ? Verdict::not_verified
                    : missed            ? Verdict::blind
                    : repeated          ? Verdict::twice
                                        : Verdict::exactly_once;
  return outcome;
}

}  // namespace socktap::sources::ebpf
