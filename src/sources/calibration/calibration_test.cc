#include "sources/calibration/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>

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

}  // namespace
}  // namespace socktap::sources
