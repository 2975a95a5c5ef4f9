#include "sources/calibration/calibration.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace socktap::sources {
namespace {

using tapset::Operation;
using tapset::Path;
using tapset::Phase;

Interest interest_in(std::string_view name) {
  plan::Plan plan;
  plan.points = {tapset::find_probe_point(name)};
  return interest_of(plan);
}

Event message(Operation operation, Phase phase, Path path, std::int64_t size) {
  Event event{};
  event.operation = static_cast<__u8>(operation);
  event.phase = static_cast<__u8>(phase);
  event.path = static_cast<__u8>(path);
  event.size = size;
  event.success = 1;
  return event;
}

// Shows the calibration every send it may have made, `times` each.
void show(Calibration& calibration, Path path, int times) {
  for (std::int64_t size = 0; size < 2000; ++size)
    for (int i = 0; i < times; ++i)
      calibration.see(message(Operation::send, Phase::conclusion, path, size));
}

TEST(Calibration, JudgesByWhatWasSeen) {
  struct Row {
    int times;
    Verdict verdict;
  };
  for (const Row& row : {Row{0, Verdict::blind}, {1, Verdict::exactly_once}, {2, Verdict::twice}}) {
    Calibration calibration(interest_in("socket.sendmsg.return"), Calibration::Extent::paths);
    calibration.drive();
    show(calibration, Path::sendmsg, row.times);
    const Calibration::Outcome outcome =
        calibration.outcome(Operation::send, Phase::conclusion, Path::sendmsg);
    EXPECT_EQ(outcome.verdict, row.verdict) << row.times;
    EXPECT_EQ(outcome.driven, 1u);
  }
}

TEST(Calibration, IsNotFooledByAnotherPath) {
  Calibration calibration(interest_in("socket.writev.return"), Calibration::Extent::paths);
  calibration.drive();
  show(calibration, Path::sendmsg, 1);
  EXPECT_EQ(calibration.outcome(Operation::send, Phase::conclusion, Path::writev).verdict,
            Verdict::blind);
}

TEST(Calibration, AcceptsAnyPathWherePathsAreNotTold) {
  Calibration calibration(interest_in("socket.send"), Calibration::Extent::paths);
  calibration.drive();
  show(calibration, Path::sendmsg, 1);
  EXPECT_EQ(calibration.outcome(Operation::send, Phase::conclusion, Path::writev).verdict,
            Verdict::exactly_once);
}

TEST(Calibration, OfEveryFamilyDrivesMore) {
  Calibration calibration(interest_in("socket.sendmsg.return"), Calibration::Extent::families);
  calibration.drive();
  show(calibration, Path::sendmsg, 1);
  const Calibration::Outcome outcome =
      calibration.outcome(Operation::send, Phase::conclusion, Path::sendmsg);
  EXPECT_EQ(outcome.verdict, Verdict::exactly_once);
  EXPECT_GE(outcome.driven, 5u) << "UNIX of three types, TCP and UDP at least";
}

TEST(Calibration, OfAllCallsNamesThoseThatWereMissed) {
  Calibration calibration(interest_in("socket.sendmsg.return"), Calibration::Extent::calls);
  calibration.drive();
  const Calibration::Outcome outcome =
      calibration.outcome(Operation::send, Phase::conclusion, Path::sendmsg);
  EXPECT_EQ(outcome.missed.size(), outcome.driven);
  for (const char* call : {"send on UNIX stream", "sendmmsg on UDP over IPv4",
                           "sendfile on TCP over IPv4", "splice on UNIX seqpacket"})
    EXPECT_EQ(std::count(outcome.missed.begin(), outcome.missed.end(), call), 1) << call;
}

TEST(Calibration, WhatWasNotDrivenIsNotVerified) {
  Calibration calibration(interest_in("socket.receive"), Calibration::Extent::paths);
  EXPECT_EQ(calibration.outcome(Operation::receive, Phase::conclusion, Path::recvmsg).verdict,
            Verdict::not_verified);
}

TEST(Calibration, CountsSocketsMadeAndReleased) {
  Calibration calibration(interest_in("socket.close"), Calibration::Extent::paths);
  calibration.drive();
  Event close{};
  close.operation = SOCKTAP_CLOSE;
  calibration.see(close);
  EXPECT_EQ(calibration.outcome(Operation::close, Phase::begin, Path::none).verdict,
            Verdict::blind);
  calibration.see(close);
  EXPECT_EQ(calibration.outcome(Operation::close, Phase::begin, Path::none).verdict,
            Verdict::exactly_once);
}

TEST(Calibration, KnowsItsOwnEventsFromThoseOfOtherThreads) {
  Calibration calibration(interest_in("socket.create"), Calibration::Extent::paths);
  calibration.drive();
  for (const int operation : {SOCKTAP_SEND, SOCKTAP_RECEIVE, SOCKTAP_CREATE, SOCKTAP_CLOSE,
                              SOCKTAP_DISCONNECT, SOCKTAP_SYSTEM_CALL}) {
    Event event{};
    event.operation = static_cast<__u8>(operation);
    event.tgid = static_cast<__u32>(::getpid());
    event.tid = static_cast<__u32>(::gettid());
    EXPECT_TRUE(calibration.has_made(event)) << operation;
    std::thread([&] { event.tid = static_cast<__u32>(::gettid()); }).join();
    EXPECT_FALSE(calibration.has_made(event)) << operation;
  }
  Event other{};
  other.operation = SOCKTAP_PROCESS;
  other.tgid = static_cast<__u32>(::getppid());
  EXPECT_FALSE(calibration.has_made(other));
  other.operation = SOCKTAP_NET_RECEIVE;
  EXPECT_TRUE(calibration.has_made(other)) << "in whatever task it arrives";
}

// A thread under the name of io_uring's workers.
TEST(Calibration, TakesWhatAWorkerOfIoUringSends) {
  Calibration calibration(interest_in("socket.send"), Calibration::Extent::paths);
  calibration.drive();
  std::thread([&] {
    ::prctl(PR_SET_NAME, "iou-wrk-1");
    Event event{};
    event.operation = SOCKTAP_SEND;
    event.tid = static_cast<__u32>(::gettid());
    EXPECT_TRUE(calibration.has_made(event));
    event.operation = SOCKTAP_CREATE;
    EXPECT_FALSE(calibration.has_made(event));
  }).join();
}

}  // namespace
}  // namespace socktap::sources
