// What `top` makes of tables and keys, before a terminal shows it.
#include <gtest/gtest.h>

#include "tui/painter.h"
#include "tui/top_sink.h"

namespace socktap::tui {
namespace {

Table table(const std::string& lines) {
  TableReader reader;
  std::size_t tables = 0;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find('\n', begin);
    tables += reader.take(lines.substr(begin, end - begin)) ? 1 : 0;
    begin = end + 1;
  }
  EXPECT_EQ(tables, 1u);
  return reader.table();
}

// In two seconds.
Table sample() {
  return table(
      "row\tcurl\t17\t2\t200\t1500\t2000\t4\t400000\t2500000\t5000000\t1\t6:2,17:4,\n"
      "row\tnginx\t9\t4000\t8000000\t950\t1000\t0\t0\t0\t0\t0\t11:4000,\n"
      "row\tidle\t8\t0\t0\t0\t0\t2\t2\t100\t100\t0\t0:2,\n"
      "end\t2000000000\t1795334400000000000\n");
}

TopState state_of(const Table& table) {
  TopState state(*find_view("process"));
  state.take(table);
  return state;
}

std::vector<std::string> names_of(const TopState& state) {
  std::vector<std::string> names;
  for (const Row* row : state.rows()) names.push_back(row->name());
  return names;
}

const Surface surface{.clock = "12:34:56", .subject = "everything"};

TEST(Tables, AreReadLineByLine) {
  const Table read = sample();
  ASSERT_EQ(read.rows.size(), 3u);
  EXPECT_EQ(read.interval_ns, 2'000'000'000u);
  EXPECT_EQ(read.until_ns, 1'795'334'400'000'000'000);
  const Row& curl = read.rows[0];
  EXPECT_EQ(curl.name(), "curl 17");
  EXPECT_EQ(curl.sent.messages, 2u);
  EXPECT_EQ(curl.sent.bytes, 200u);
  EXPECT_EQ(curl.sent.longest_ns, 2000u);
  EXPECT_EQ(curl.received.bytes, 400'000u);
  EXPECT_EQ(curl.failures, 1u);
  EXPECT_EQ(curl.sizes, (std::map<int, std::uint64_t>{{6, 2}, {17, 4}}));
  EXPECT_EQ(read.total().bytes(), 8'400'202u);
}

TEST(Tables, OtherLinesAreNoRows) {
  TableReader reader;
  for (const char* line : {"", "row", "row\ta\t1", "something else", "end"})
    EXPECT_FALSE(reader.take(line)) << line;
  EXPECT_TRUE(reader.take("end\t5\t7"));
  EXPECT_TRUE(reader.table().rows.empty());
}

TEST(Rows, AreSortedByWhatAKeyChooses) {
  TopState state = state_of(sample());
  EXPECT_EQ(names_of(state), (std::vector<std::string>{"nginx 9", "curl 17", "idle 8"}));
  state.press('2');
  EXPECT_EQ(names_of(state), (std::vector<std::string>{"curl 17", "idle 8", "nginx 9"}));
  state.press('2');
  EXPECT_EQ(names_of(state), (std::vector<std::string>{"nginx 9", "idle 8", "curl 17"}));
  state.press('5');
  EXPECT_EQ(names_of(state), (std::vector<std::string>{"curl 17", "idle 8", "nginx 9"}));
  state.press('3');
  state.press('b');  // messages
  EXPECT_EQ(names_of(state), (std::vector<std::string>{"nginx 9", "curl 17", "idle 8"}));
}

TEST(Rows, AreFilteredByWhatIsTyped) {
  TopState state = state_of(sample());
  for (const char key : {'/', 'N', 'G'}) state.press(key);
  EXPECT_TRUE(state.is_typing());
  EXPECT_EQ(names_of(state), (std::vector<std::string>{"nginx 9"}));
  state.press('q');  // a letter like any other
  EXPECT_FALSE(state.wants_to_quit());
  EXPECT_TRUE(names_of(state).empty());
  state.press(pressed_backspace);
  state.press(pressed_enter);
  EXPECT_FALSE(state.is_typing());
  EXPECT_EQ(names_of(state).size(), 1u);
  state.press(pressed_escape);
  EXPECT_EQ(names_of(state).size(), 3u);
}

TEST(Rows, StaySelectedWhereverTheyMove) {
  TopState state = state_of(sample());
  state.press(pressed_down);
  EXPECT_EQ(state.selected(state.rows()), 1u);  // curl
  state.press('5');
  EXPECT_EQ(state.selected(state.rows()), 0u);
  state.press(pressed_end);
  EXPECT_EQ(state.selected(state.rows()), 2u);
  state.press(pressed_page_up);
  EXPECT_EQ(state.selected(state.rows()), 0u);
}

TEST(Pause, KeepsTheTableAndShowsTheNewestAfterwards) {
  TopState state = state_of(sample());
  state.press(' ');
  state.take(table("row\tother\t1\t1\t1\t1\t1\t0\t0\t0\t0\t0\t0:1,\nend\t1000000000\t1\n"));
  EXPECT_EQ(names_of(state).size(), 3u);
  state.press(' ');
  EXPECT_EQ(names_of(state), (std::vector<std::string>{"other 1"}));
}

TEST(History, HasGapsWhereARowWasNotThere) {
  TopState state = state_of(sample());
  const Table empty = table("end\t1000000000\t1\n");
  state.take(empty);
  state.take(sample());
  EXPECT_EQ(state.history("idle 8"), (std::vector<std::uint64_t>{1, 0, 1}));
  for (std::size_t i = 0; i < 2 * TopState::history_length; ++i) state.take(empty);
  EXPECT_TRUE(state.history("idle 8").empty());
}

TEST(Views, AreAskedForByTheirKeys) {
  TopState state = state_of(sample());
  state.press('p');
  EXPECT_EQ(state.wanted_view(), nullptr);  // it is shown
  state.press('e');
  ASSERT_NE(state.wanted_view(), nullptr);
  EXPECT_EQ(state.wanted_view()->name, "peer");
  state.show(*state.wanted_view());
  EXPECT_EQ(state.wanted_view(), nullptr);
  EXPECT_TRUE(state.rows().empty());
}

TEST(Numbers, AreShort) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(999), "999");
  EXPECT_EQ(short_number(1'000), "1.00K");
  EXPECT_EQ(short_number(12'345), "12.3K");
  EXPECT_EQ(short_number(999'499), "999K");
  EXPECT_EQ(short_number(999'500), "1.00M");
  EXPECT_EQ(short_number(UINT64_MAX), "18.4E");
}

TEST(Sparklines, ShowTheLastOnesByTheirHighest) {
  EXPECT_EQ(sparkline({0, 1, 4, 8}, 4), " ▁▄█");
  EXPECT_EQ(sparkline({8, 8, 4, 2}, 2), "▄▂");
  EXPECT_EQ(sparkline({1}, 3), "  █");
  EXPECT_EQ(sparkline({}, 2), "  ");
}

TEST(Screens, OfEightyColumns) {
  const std::string text = paint(state_of(sample()), surface, 80, 24).text();
  EXPECT_EQ(text.substr(0, text.find("\n\n\n")),
            R"(socktap top  12:34:56  everything  by process
3 processes: sent 4.00M bytes/s, received 200K bytes/s, errors 0/s, lost 0

PROCESS             PID    SENT/s   RECV/s vTOTAL/s ERRORS/s LAST MINUTE
nginx                 9     4.00M        -    4.00M        -                   █
curl                 17       100     200K     200K        -                   █
idle                  8         -        1        1        -                   █)");
  EXPECT_EQ(std::ranges::count(text, '\n'), 24);
  EXPECT_NE(text.find("\nq quit  ? help"), std::string::npos) << text;
}

TEST(Screens, WithADetailOfTheSelectedRow) {
  TopState state = state_of(sample());
  state.press(pressed_down);
  state.press(pressed_enter);
  const std::string text = paint(state, surface, 80, 24).text();
  EXPECT_NE(text.find(R"( curl 17
 sent          2 messages    200 bytes, mean   100; took 1.5us on average, 2.0us
 received      4 messages   400K bytes, mean  100K; took 2.5ms on average, 5.0ms
 messages by size:
     64..      2 █████████████████████████
   131K..      4 ██████████████████████████████████████████████████
)"),
            std::string::npos)
      << text;
}

TEST(Screens, OfTwoHundredColumnsHaveAMinute) {
  TopState state = state_of(sample());
  for (int i = 0; i < 59; ++i) state.take(sample());
  const Canvas canvas = paint(state, surface, 200, 50);
  const std::string text = canvas.text();
  EXPECT_EQ(std::ranges::count(text, '\n'), 50);
  std::string minute;
  for (int i = 0; i < 60; ++i) minute += "█";
  EXPECT_NE(text.find(" " + minute + "\n"), std::string::npos) << text;
}

TEST(Screens, OfAnySizeArePainted) {
  TopState state = state_of(sample());
  state.press(pressed_enter);
  state.press('?');
  for (const View& view : views()) {
    state.show(view);
    state.take(sample());
    for (unsigned width = 1; width < 130; width += 3)
      for (unsigned height = 1; height < 40; height += 2) {
        const Canvas canvas = paint(state, surface, width, height);
        EXPECT_EQ(canvas.width(), width);
        EXPECT_EQ(canvas.height(), height);
      }
  }
}

TEST(Screens, SayWhatIsLostAndWhatIsMissing) {
  Surface other = surface;
  other.lost = 12'345;
  other.notice = "2 paths are not seen here: socktap doctor";
  const std::string text = paint(state_of(sample()), other, 100, 24).text();
  EXPECT_NE(text.find("lost 12.3K\n2 paths are not seen here"), std::string::npos) << text;
}

TEST(Canvases, ShowNothingThatMovesACursor) {
  Canvas canvas(12, 1);
  canvas.write(0, 0, "a\033[2J\t\xff\xc3\xa9\xc2\x9b");
  EXPECT_EQ(canvas.text(), "a?[2J??é?\n");
}

TEST(Scripts, HaveNothingLeftToBeFilledIn) {
  for (const View& view : views()) {
    const std::string script = script_of(view, 1500);
    for (const char* mark : {"@SIZE", "@KEYS", "@K]", "@LABELS", "@FORMAT", "@MS"})
      EXPECT_EQ(script.find(mark), std::string::npos) << view.name << mark;
    EXPECT_NE(script.find("timer.ms(1500)"), std::string::npos);
  }
}

TEST(Scripts, SayThatTheyCutTables) {
  for (const View& view : views()) {
    TopState state(view);
    Table table{.interval_ns = 1'000'000'000, .rows = std::vector<Row>(most_rows - 1)};
    state.take(table);
    EXPECT_FALSE(state.is_cut());
    table.rows.emplace_back();
    state.take(table);
    EXPECT_EQ(state.is_cut(), view.may_overflow);
    EXPECT_EQ(plain_table(state).find("more than 10000 ") != std::string::npos, view.may_overflow);
    EXPECT_EQ(paint(state, {}, 120, 20).text().find("10000+ ") != std::string::npos,
              view.may_overflow);
  }
}

class Output : public ::testing::Test {
 protected:
  void write(std::string_view text) { ASSERT_TRUE(sink_.write({RecordKind::output, text})); }
  TopSink sink_{*find_view("process")};
};

TEST_F(Output, ComesInPiecesOfAnySize) {
  std::size_t tables = 0;
  sink_.print_tables([&](const TopState& state) {
    ++tables;
    EXPECT_EQ(names_of(state), (std::vector<std::string>{"curl 17"}));
    return Result<void>();
  });
  for (const char* piece :
       {"row\tcu", "rl\t17\t2\t200\t1\t2\t4\t4\t1\t1\t0\t6:6,", "\nend\t", "1000\t1\nrow\tcurl"})
    write(piece);
  EXPECT_EQ(tables, 1u);
}

TEST_F(Output, WarningsAreKeptForTheEndAndShownMeanwhile) {
  ASSERT_TRUE(sink_.write({RecordKind::warning, "careful"}));
  EXPECT_EQ(sink_.messages(), (std::vector<std::string>{"careful"}));
  EXPECT_EQ(sink_.surface().notice, "careful");
}

}  // namespace
}  // namespace socktap::tui
