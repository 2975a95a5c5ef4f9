#include "compare/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "compare/targets.h"

namespace socktap::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

Measured measured(const std::string& subject, double added) {
  Measured one;
  one.subject = subject;
  one.work = "work";
  one.rounds = 3;
  one.untraced_ns = {400, 390, 410};
  one.added_ns = {added, added - 1, added + 1};
  one.own_ns = {50, 40, 60};
  one.made = 1000;
  one.missing = 5;
  return one;
}

Results results() {
  Results all;
  all.machine = {"2026-01-02 03:04 UTC", "A Processor", 2, "6.18.1", "Debian",
                 {"perf 6.1", "no x"}};
  all.seed = 42;
  all.seconds = 12.3;
  Measured refused;
  refused.subject = "strace";
  refused.refusal = "strace is not installed";
  all.sections.push_back(
      {"events",
       "Events",
       "",
       {measured("socktap count", 80), measured("bpftrace count", 200), refused}});
  return all;
}

CommandCost command(const std::string& subject, std::optional<Spread> beside_strace) {
  return {"AF_UNIX datagrams", subject,       "work", 3, {700, 690, 710}, {9000, 8000, 9500},
          {8000, 7000, 9000},  beside_strace, {}};
}

const Judgement& judgement(const std::vector<Judgement>& all, const std::string& work) {
  for (const Judgement& one : all)
    if (one.work == work) return one;
  ADD_FAILURE() << work;
  return all.front();
}

TEST(Targets, AreMetOrNot) {
  const auto all = judge(results());
  const Judgement& count = judgement(all, "plain count: added");
  EXPECT_EQ(count.target, "≤ 90 ns/event");
  EXPECT_EQ(count.measured, 80);
  EXPECT_TRUE(count.met);
  const Judgement& ratio = judgement(all, "plain count: less added than by bpftrace");
  EXPECT_EQ(ratio.target, "≥ 2 times");
  EXPECT_EQ(ratio.measured, 2.5);
  EXPECT_TRUE(ratio.met);
  Results slow = results();
  slow.sections[0].measured[0] = measured("socktap count", 120);
  EXPECT_FALSE(judgement(judge(slow), "plain count: added").met);
}

TEST(Targets, WithoutAFigureHaveAReason) {
  for (const Judgement& one : judge(Results{})) {
    EXPECT_FALSE(one.measured) << one.work;
    EXPECT_FALSE(one.met) << one.work;
    EXPECT_NE(one.reason, "") << one.work;
  }
}

TEST(Targets, OfACommandAreItsRatio) {
  const std::string work = "ptrace source, beside strace --seccomp-bpf";
  Results all;
  all.commands.push_back(command("socktap printf", Spread{1.05, 1, 1.2}));
  EXPECT_EQ(judgement(judge(all), work).measured, 1.05);
  EXPECT_TRUE(judgement(judge(all), work).met);
  all.commands[0].beside_strace.reset();
  EXPECT_EQ(judgement(judge(all), work).measured, std::nullopt) << "there was no strace";
}

TEST(Report, CommandsAreATableOfTheirOwn) {
  Results all;
  CommandCost refused = command("socktap count", std::nullopt);
  refused.refusal = "socktap count saw 9 of 10 events";
  all.commands = {command("socktap printf", Spread{1.05, 1, 1.2}), command("peer", std::nullopt),
                  refused};
  const auto tables = tables_of(all);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[1].name, "commands");
  EXPECT_EQ(tables[1].rows,
            (std::vector<std::vector<std::string>>{
                {"AF_UNIX datagrams", "socktap printf", "work", "700", "9000 (8000–9500)", "8000",
                 "1.05 (1.00–1.20)"},
                {"AF_UNIX datagrams", "peer", "work", "700", "9000 (8000–9500)", "8000", "–"}}));
  const auto json = nlohmann::json::parse(as_json(all))["commands"];
  EXPECT_EQ(json[0]["beside_strace"]["median"], 1.05);
  EXPECT_FALSE(json[1].contains("beside_strace"));
  EXPECT_EQ(json[2]["not_measured"], "socktap count saw 9 of 10 events");
}

TEST(Report, JsonHasFiguresAndReasons) {
  const auto json = nlohmann::json::parse(as_json(results()));
  EXPECT_EQ(json["seed"], 42);
  EXPECT_EQ(json["kernel"], "6.18.1");
  const auto& events = json["sections"]["events"]["measured"];
  EXPECT_EQ(events[0]["subject"], "socktap count");
  EXPECT_EQ(events[0]["added_ns"]["median"], 80);
  EXPECT_EQ(events[0]["missing"], 5);
  EXPECT_EQ(events[2]["not_measured"], "strace is not installed");
  EXPECT_EQ(json["targets"].size(), judge(results()).size());
}

TEST(Report, ColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(as_text({"t", "Title", {"a", "µs"}, {{"long", "1"}, {"", "≥ 2"}}}),
            "Title\n"
            "  a     µs\n"
            "  long  1\n"
            "        ≥ 2\n");
}

TEST(Report, MarkdownIsATable) {
  EXPECT_EQ(as_markdown({"t", "Title", {"a", "b"}, {{"1", "2"}}}),
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n");
}

TEST(Report, WhatIsNotMeasuredIsNotInATable) {
  const auto tables = tables_of(results());
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_THAT(as_markdown(tables[1]), HasSubstr("socktap count"));
  EXPECT_THAT(as_markdown(tables[1]), Not(HasSubstr("strace")));
}

TEST(Report, PlacesOfAPageAreFilledAndTheRestStays) {
  const std::string page =
      "prose\n<!-- bench machine -->\nold\n<!-- end -->\nmore\n"
      "<!-- bench keys -->\nkept\n<!-- end -->\n<!-- bench events -->\n<!-- end -->\nlast\n";
  const std::string filled = fill_page(page, results());
  EXPECT_THAT(filled,
              HasSubstr("prose\n<!-- bench machine -->\nMeasured 2026-01-02 03:04 UTC on 2 CPUs "
                        "(A Processor), Linux 6.18.1, Debian; perf 6.1, no x; 12 s, seed 42.\n"
                        "<!-- end -->\nmore\n"));
  EXPECT_THAT(filled, Not(HasSubstr("old")));
  EXPECT_THAT(filled, HasSubstr("kept")) << "it was not measured";
  EXPECT_THAT(filled, HasSubstr("80 (79–81)"));
  EXPECT_EQ(fill_page(filled, results()), filled);
}

}  // namespace
}  // namespace socktap::bench
