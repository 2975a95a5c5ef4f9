#include "session/dispatch.h"

#include <gtest/gtest.h>

#include "event/event_text.h"

namespace socktap::session {
namespace {

using language::Begin;
using language::End;
using language::Handler;
using language::Point;
using language::TypedProgram;

Point at(std::string_view name) { return {tapset::find_probe_point(name), std::string(name), {}}; }

TypedProgram program_of(std::vector<std::vector<Point>> handlers) {
  TypedProgram program;
  for (auto& points : handlers) {
    Handler& handler = program.handlers.emplace_back();
    handler.points = std::move(points);
  }
  return program;
}

std::string fired(const Dispatch& dispatch, std::string_view line) {
  const auto event = parse_event(line);
  EXPECT_TRUE(event) << line;
  std::string text;
  for (const Firing& firing : dispatch.firings(event->record)) {
    text += std::to_string(firing.handler) + ":" + std::string(firing.text) + " ";
  }
  return text;
}

TEST(Dispatch, OneEventFiresItsPathAndItsUnionsInScriptOrder) {
  const TypedProgram program = program_of({{at("socket.send"), at("socket.writev.return")},
                                           {at("socket.write_iter.return")},
                                           {at("socket.writev")},
                                           {at("socket.close"), at("socket.create.return")}});
  const plan::Plan plan = plan::make_plan(program, {});
  const Dispatch dispatch(plan);
  EXPECT_EQ(fired(dispatch, "send conclusion writev"),
            "0:socket.send 0:socket.writev.return 1:socket.write_iter.return ");
  EXPECT_EQ(fired(dispatch, "send conclusion sendmsg"), "0:socket.send ");
  EXPECT_EQ(fired(dispatch, "send begin writev"), "2:socket.writev ");
  EXPECT_EQ(fired(dispatch, "receive conclusion readv"), "");
  EXPECT_EQ(fired(dispatch, "close begin"), "3:socket.close ");
  EXPECT_EQ(fired(dispatch, "close conclusion"), "");
  EXPECT_EQ(fired(dispatch, "create conclusion"), "3:socket.create.return ");
}

TEST(Dispatch, LifecycleHandlersGoByOrderThenByPlace) {
  const TypedProgram program = program_of({{{Begin{5}, "begin(5)", {}}},
                                           {{Begin{0}, "begin", {}}, {End{-1}, "end(-1)", {}}},
                                           {{Begin{0}, "begin", {}}, {End{-2}, "end(-2)", {}}}});
  const plan::Plan plan = plan::make_plan(program, {});
  const Dispatch dispatch(plan);
  std::vector<std::uint32_t> begins, ends;
  for (const Firing& firing : dispatch.begins()) begins.push_back(firing.handler);
  for (const Firing& firing : dispatch.ends()) ends.push_back(firing.handler);
  EXPECT_EQ(begins, (std::vector<std::uint32_t>{1, 2, 0}));
  EXPECT_EQ(ends, (std::vector<std::uint32_t>{2, 1}));
}

}  // namespace
}  // namespace socktap::session
