// The source on the running kernel. Needs root or CAP_BPF and CAP_PERFMON; skips with the reason
// where the kernel refuses.
#include "sources/ebpf/ebpf_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tapset/catalogue.h"

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

constexpr std::uint64_t forever = ~std::uint64_t{0};
constexpr std::uint64_t millisecond = 1'000'000;

plan::Plan plan_of(std::initializer_list<std::string_view> names) {
  plan::Plan plan;
  for (const std::string_view name : names) plan.points.push_back(tapset::find_probe_point(name));
  plan.fields = tapset::FieldSet::all();
  for (const tapset::Field field :  // of system calls only
       {tapset::Field::arguments, tapset::Field::capture_0, tapset::Field::capture_1})
    plan.fields.remove(field);
  return plan;
}

plan::Plan plan_of_everything() {
  plan::Plan plan = plan_of({});
  for (const tapset::ProbePoint& point : tapset::probe_points()) plan.points.push_back(&point);
  return plan;
}

// What a run delivered, and how it ended.
struct Observed {
  std::vector<Event> events;
  Statistics statistics;
  Coverage coverage;

  std::size_t count(Operation operation, Phase phase) const {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(), [&](const Event& event) {
          return operation_of(event) == operation && phase_of(event) == phase;
        }));
  }
  const PathCoverage& cell(Operation operation, Phase phase, Path path) const {
    return *std::find_if(coverage.paths.begin(), coverage.paths.end(), [&](const auto& cell) {
      return cell.operation == operation && cell.phase == phase && cell.path == path;
    });
  }
  Verdict verdict(Operation operation, Phase phase, Path path) const {
    return cell(operation, phase, path).verdict;
  }
  std::string strategy(Operation operation, Phase phase, Path path) const {
    return cell(operation, phase, path).strategy;
  }
};

class EbpfSourceTest : public testing::Test {
 protected:
  // Observes `operations`, all of them made by this process or its children.
  std::optional<Observed> observe(const plan::Plan& plan, const std::function<void()>& operations,
                                  EbpfOptions options = {}, Scope scope = {.include_self = true}) {
    if (scope.roots.empty()) scope.roots = {::getpid()};
    EbpfSource source(std::move(options));
    const Result<void> attached = source.attach(plan, scope);
    if (!attached) {
      refusal_ = attached.error().message + ": " + attached.error().hint;
      return std::nullopt;
    }
    operations();
    source.stop();
    Observed run{.coverage = source.coverage()};
    while (!source.finished())
      if (const Result<const Event*> event = source.next(forever); event && *event)
        run.events.push_back(**event);
    run.statistics = source.statistics();
    return run;
  }
  std::string refusal_;
};

#define OBSERVED(run) \
  if (!(run)) GTEST_SKIP() << refusal_

// A connected pair of UNIX datagram sockets.
struct Pair {
  Pair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0); }
  ~Pair() {
    ::close(fds[0]);
    ::close(fds[1]);
  }
  void exchange(std::size_t size) const {
    std::vector<char> data(size);
    EXPECT_EQ(::send(fds[0], data.data(), size, MSG_NOSIGNAL), static_cast<ssize_t>(size));
    EXPECT_EQ(::recv(fds[1], data.data(), size, 0), static_cast<ssize_t>(size));
  }
  int fds[2] = {-1, -1};
};

TEST_F(EbpfSourceTest, TellsPathsAndResults) {
  const Pair pair;
  const auto run = observe(
      plan_of({"socket.sendmsg.return", "socket.write_iter.return", "socket.receive"}), [&] {
        char data[100] = {};
        iovec vector{data, 12};
        EXPECT_EQ(::send(pair.fds[0], data, 10, 0), 10);
        EXPECT_EQ(::write(pair.fds[0], data, 11), 11);
        EXPECT_EQ(::writev(pair.fds[0], &vector, 1), 12);
        EXPECT_EQ(::recv(pair.fds[1], data, sizeof(data), MSG_PEEK), 10);
        EXPECT_EQ(::recv(pair.fds[1], data, sizeof(data), 0), 10);
        EXPECT_EQ(::read(pair.fds[1], data, sizeof(data)), 11);
        EXPECT_EQ(::readv(pair.fds[1], &vector, 1), 12);
        EXPECT_EQ(::recv(pair.fds[1], data, sizeof(data), MSG_DONTWAIT), -1);
      });
  OBSERVED(run);
  struct Row {
    Operation operation;
    Path path;
    std::int64_t size;
  };
  const Row rows[] = {
      {Operation::send, Path::sendmsg, 10},    {Operation::send, Path::aio_write, 11},
      {Operation::send, Path::writev, 12},     {Operation::receive, Path::recvmsg, 10},
      {Operation::receive, Path::recvmsg, 10}, {Operation::receive, Path::aio_read, 11},
      {Operation::receive, Path::readv, 12},   {Operation::receive, Path::recvmsg, -EAGAIN}};
  ASSERT_EQ(run->events.size(), std::size(rows));
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const Event& event = run->events[i];
    SCOPED_TRACE(socktap::describe(event));
    EXPECT_EQ(operation_of(event), rows[i].operation);
    EXPECT_EQ(path_of(event), rows[i].path);
    EXPECT_EQ(event.size, rows[i].size);
    EXPECT_EQ(event.success, rows[i].size >= 0);
    EXPECT_EQ(event.family, AF_UNIX);
    EXPECT_EQ(event.type, SOCK_DGRAM);
    EXPECT_EQ(event.tgid, static_cast<__u32>(::getpid()));
    EXPECT_EQ(event.tid, static_cast<__u32>(::gettid()));
    if (::getppid() != 0) {  // else it is outside the namespace
      EXPECT_EQ(event.ppid, static_cast<__u32>(::getppid()));
    }
    EXPECT_EQ(event.uid, ::getuid());
    EXPECT_GT(event.latency, 0u);
    EXPECT_NE(event.sock, 0u);
  }
  EXPECT_EQ(run->events[3].msg_flags, static_cast<__u32>(MSG_PEEK));
  EXPECT_NE(run->events[0].sock, run->events[3].sock);
  EXPECT_EQ(run->events[3].sock, run->events[7].sock);
}

TEST_F(EbpfSourceTest, TheSocketsNumberIsItsCookie) {
  const Pair pair;
  const auto run = observe(plan_of({"socket.send"}), [&] { pair.exchange(10); });
  OBSERVED(run);
  if (run->strategy(Operation::send, Phase::conclusion, Path::sendmsg) != "typed-tracepoints")
    GTEST_SKIP() << "only typed tracepoints may ask for it";
  std::uint64_t cookie = 0;
  socklen_t length = sizeof(cookie);
  ASSERT_EQ(::getsockopt(pair.fds[0], SOL_SOCKET, SO_COOKIE, &cookie, &length), 0);
  ASSERT_EQ(run->events.size(), 1u);
  EXPECT_EQ(run->events[0].sock, cookie);
}

TEST_F(EbpfSourceTest, NumbersASocketTheSameFromItsMakingToItsRelease) {
  const auto run = observe(plan_of_everything(), [] { Pair().exchange(10); });
  OBSERVED(run);
  std::vector<std::uint64_t> made, used, released;
  for (const Event& event : run->events) {
    if (operation_of(event) == Operation::create && phase_of(event) == Phase::conclusion)
      made.push_back(event.sock);
    if (operation_of(event) == Operation::close && phase_of(event) == Phase::begin)
      released.push_back(event.sock);
    if (operation_of(event) == Operation::send) used.push_back(event.sock);
  }
  ASSERT_EQ(made.size(), 2u);
  EXPECT_NE(made[0], made[1]);
  EXPECT_EQ(released, made);
  EXPECT_EQ(used, (std::vector<std::uint64_t>{made[0], made[0]})) << "begin and conclusion";
}

TEST_F(EbpfSourceTest, EveryStrategyForMessagesSaysTheSame) {
  const Pair pair;
  const auto exchange = [&] { pair.exchange(77); };
  const plan::Plan plan =
      plan_of({"socket.sendmsg.return", "socket.readv.return", "socket.recvmsg.return"});
  auto typed = observe(plan, exchange);
  OBSERVED(typed);
  auto probed = observe(plan, exchange, {.disabled_strategies = {"typed-tracepoints"}});
  OBSERVED(probed);
  ASSERT_EQ(typed->events.size(), 2u);
  ASSERT_EQ(probed->events.size(), 2u);
  for (int i = 0; i < 2; ++i)
    for (Event* event : {&typed->events[i], &probed->events[i]}) {
      event->time = event->latency = event->sock = event->commit = 0;
      event->cpu = 0;
    }
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(socktap::describe(typed->events[i]), socktap::describe(probed->events[i]));
}

TEST_F(EbpfSourceTest, CalibrationFindsEveryPathSeenExactlyOnce) {
  const auto run = observe(plan_of_everything(), [] {}, {.thorough = true});
  OBSERVED(run);
  EXPECT_TRUE(run->events.empty()) << "its own events are not the script's";
  for (const PathCoverage& cell : run->coverage.paths) {
    EXPECT_EQ(cell.verdict, Verdict::exactly_once)
        << tapset::name_of(cell.path) << " driven " << cell.driven << " seen " << cell.seen;
    EXPECT_FALSE(cell.strategy.empty());
  }
  EXPECT_EQ(run->coverage.paths.size(), 25u);
  EXPECT_GE(run->coverage.limits.size(), 5u);
}

TEST_F(EbpfSourceTest, WhatIsDisabledIsBlind) {
  const auto run = observe(plan_of({"socket.sendmsg", "socket.sendmsg.return"}), [] {},
                           {.disabled_strategies = {"call-entries"}});
  OBSERVED(run);
  EXPECT_EQ(run->verdict(Operation::send, Phase::begin, Path::sendmsg), Verdict::blind);
  EXPECT_EQ(run->verdict(Operation::send, Phase::conclusion, Path::sendmsg), Verdict::exactly_once);
  EXPECT_EQ(run->verdict(Operation::receive, Phase::begin, Path::recvmsg), Verdict::not_needed);
}

TEST_F(EbpfSourceTest, DoesNotSeeItselfUnlessAsked) {
  const Pair pair;
  EbpfSource source;
  const auto attached = source.attach(plan_of({"socket.send"}), {});
  if (!attached) GTEST_SKIP() << attached.error().message;
  pair.exchange(10);
  source.stop();
  while (!source.finished()) {
    const auto event = source.next(forever);
    if (event && *event) {
      EXPECT_NE((*event)->tgid, static_cast<__u32>(::getpid()));
    }
  }
}

// A child that exchanges a message and has a child that does, and so on.
void breed(int generations, std::size_t size) {
  const pid_t child = ::fork();
  if (child == 0) {
    Pair().exchange(size);
    if (generations > 1) breed(generations - 1, size + 1);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

TEST_F(EbpfSourceTest, FollowsDescendantsOnly) {
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  const pid_t root = ::fork();
  if (root == 0) {
    char byte;
    ::close(gate[1]);
    if (::read(gate[0], &byte, 1) < 0) ::_exit(1);
    breed(3, 301);
    ::_exit(0);
  }
  const Pair pair;
  const auto run = observe(plan_of({"socket.send"}),
                           [&] {
                             pair.exchange(10);
                             ::close(gate[1]);
                             ::waitpid(root, nullptr, 0);
                           },
                           {}, {.roots = {root}, .include_self = true});
  OBSERVED(run);
  std::vector<std::int64_t> sizes;
  for (const Event& event : run->events) sizes.push_back(event.size);
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{301, 302, 303}));
  EXPECT_GE(run->statistics.filtered, 1u);
  ::close(gate[0]);
}

TEST_F(EbpfSourceTest, SeesSocketsLeftOpenByProcessesOfManyThreadsOnce) {
  constexpr int processes = 50;
  const auto run = observe(plan_of({"socket.close", "socket.close.return"}), [] {
    for (int i = 0; i < processes; ++i) {
      const pid_t child = ::fork();
      if (child == 0) {
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || ::dup(pair[0]) < 0) ::_exit(1);
        std::vector<std::thread> threads(8);
        for (std::thread& thread : threads) thread = std::thread([] { ::pause(); });
        ::_exit(0);
      }
      ::waitpid(child, nullptr, 0);
    }
  });
  OBSERVED(run);
  EXPECT_EQ(run->count(Operation::close, Phase::begin), 2u * processes)
      << "a duplicate is no socket";
  EXPECT_EQ(run->count(Operation::close, Phase::conclusion), 2u * processes);
}

TEST_F(EbpfSourceTest, CountsWhatFindsTheBufferFull) {
  const Pair pair;
  constexpr int exchanges = 500;
  const auto run = observe(plan_of({"socket.send", "socket.receive"}),
                           [&] {
                             for (int i = 0; i < exchanges; ++i) pair.exchange(10);
                           },
                           {.sizes = {.slots = 64}});
  OBSERVED(run);
  EXPECT_GT(run->statistics.losses[Loss::buffer_full], 0u);
  EXPECT_EQ(run->statistics.delivered, run->events.size());
  EXPECT_EQ(run->statistics.delivered + run->statistics.losses[Loss::buffer_full], 2u * exchanges);
}

TEST_F(EbpfSourceTest, CountsWhatFindsAMapFull) {
  constexpr int sockets = 20;
  const auto run = observe(
      plan_of({"socket.close"}),
      [&] {
        std::vector<UniqueFd> in_the_gaps;  // so that the sockets' numbers follow one another
        while (in_the_gaps.size() < 64) in_the_gaps.emplace_back(::open("/dev/null", O_RDONLY));
        int last = -1;
        for (int i = 0; i < sockets; ++i) last = ::socket(AF_UNIX, SOCK_DGRAM, 0);
        const int first = last - sockets + 1;
        ASSERT_GT(first, in_the_gaps.back().get());
        ASSERT_EQ(::close_range(static_cast<unsigned>(first), static_cast<unsigned>(last), 0), 0);
      },
      {.sizes = {.closing_sockets = 4}});
  OBSERVED(run);
  EXPECT_EQ(run->events.size() + run->statistics.losses[Loss::map_full],
            static_cast<std::size_t>(sockets));
  EXPECT_GT(run->statistics.losses[Loss::map_full], 0u);
}

TEST_F(EbpfSourceTest, LosesNothingWhenRead) {
  const Pair pair;
  constexpr int exchanges = 100'000;
  EbpfSource source;
  const auto attached = source.attach(plan_of({"socket.send", "socket.receive"}),
                                      {.roots = {::getpid()}, .include_self = true});
  if (!attached) GTEST_SKIP() << attached.error().message;
  std::atomic<bool> done = false;
  std::thread worker([&] {
    for (int i = 0; i < exchanges; ++i) pair.exchange(10);
    done = true;
  });
  std::uint64_t last_time = 0;
  int backwards = 0;
  while (!source.finished()) {
    const auto event = source.next(source.now() + 5 * millisecond);
    if (done) source.stop();
    if (!event || !*event) continue;
    backwards += (*event)->time < last_time;
    last_time = (*event)->time;
  }
  worker.join();
  EXPECT_EQ(source.statistics().delivered, 2u * exchanges);
  EXPECT_EQ(source.statistics().losses.events(), 0u);
  EXPECT_EQ(backwards, 0);
}

TEST_F(EbpfSourceTest, WaitsForTheDeadlineWithoutAPlan) {
  EbpfSource source;
  ASSERT_TRUE(source.attach(plan::Plan{}, {}));
  const std::uint64_t deadline = source.now() + 20 * millisecond;
  EXPECT_EQ(*source.next(deadline), nullptr);
  EXPECT_GE(source.now(), deadline);
  EXPECT_FALSE(source.finished());
  source.stop();
  EXPECT_TRUE(source.finished());
}

}  // namespace
}  // namespace socktap::sources
