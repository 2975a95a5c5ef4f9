#include "vm/library_cases_test.h"

namespace socktap::vm {
namespace {

std::vector<Case> message_cases() {
  return {
      {{"log", {"hello"}, prints("hello\n")}, {"log", {""}, prints("\n")}},
      {{"warn", {"odd"}, warns("odd")},
       {"warn", {"odd"}, nothing()},
       {"warn", {"odd\n"}, nothing()},
       {"warn", {"other\n"}, warns("other")}},
      {{"error", {"boom"}, fails("boom")}, {"error", {""}, fails("")}},
      {{"assert", {1}, nothing()}, {"assert", {-1, "no"}, nothing()}},
      {{"assert", {0}, fails("Assertion failed")}},
      {{"assert", {0, "size lost"}, fails("size lost")}, {"assert", {0, ""}, fails("")}},
  };
}

std::vector<Case> speculation_cases() {
  return {
      {{"switch_file", {}, warns("(the next file)")}},
      {{"speculation", {}, 1}, {"speculation", {}, 2}},
      {{"speculate", {1, "a\n"}, nothing()},
       {"speculate", {2, "b\n"}, nothing()},
       {"speculate", {1, "c\n"}, nothing()},
       {"commit", {1}, prints("a\nc\n")},
       {"commit", {1}, nothing()},
       {"discard", {2}, nothing()},
       {"commit", {2}, nothing()},
       {"discard", {3}, nothing()}},
  };
}

std::vector<Case> indentation_cases() {
  return {
      {{"indent", {1}, "     0 :"},
       {"indent", {1}, "     7 : ", {7'000, 0}},
       {"indent", {1}, "     9 :  ", {9'000, 0}},
       {"indent", {-1}, "    12 :  ", {12'000, 0}},
       {"indent", {-1}, "    12 : ", {12'000, 0}},
       {"indent", {-1}, "1500000 :", {1'500'000'000, 0}},
       {"indent", {1}, "     0 :", {1'600'000'000, 0}}},
      {{"indent_depth", {1}, 0},
       {"indent_depth", {2}, 2},
       {"indent_depth", {-2}, 2},
       {"indent_depth", {-1}, 0},
       {"indent_depth", {-1}, 0}},
      {{"indent_depth", {INT64_MAX}, INT64_MAX - 1}, {"indent_depth", {INT64_MAX}, 0}},
      {{"thread_indent", {1}, "     0 curl(7):", {0, 7}},
       {"thread_indent", {1}, "     0 curl(8):", {3'000, 8}},
       {"thread_indent", {1}, "     5 curl(7): ", {5'000, 7}},
       {"thread_indent", {-1}, "     2 curl(8):", {5'000, 8}},
       {"thread_indent", {-1}, "     6 curl(7): ", {6'000, 7}},
       {"indent", {1}, "     0 :", {6'000, 7}}},
      {{"thread_indent_depth", {1}, 0, {0, 7}},
       {"thread_indent_depth", {1}, 0, {0, 8}},
       {"thread_indent_depth", {1}, 1, {0, 7}},
       {"thread_indent_depth", {-1}, 1, {0, 7}},
       {"thread_indent_depth", {-1}, 0, {0, 7}}},
  };
}

std::vector<Case> terminal_cases() {
  return {
      {{"ansi_clear_screen", {}, prints("\033[1;1H\033[J")}},
      {{"ansi_cursor_move", {3, 10}, prints("\033[10;3H")}},
      {{"ansi_cursor_hide", {}, prints("\033[>5I")}},
      {{"ansi_cursor_show", {}, prints("\033[>5h")}},
      {{"ansi_cursor_save", {}, prints("\033[s")}},
      {{"ansi_cursor_restore", {}, prints("\033[u")}},
      {{"ansi_set_color", {31}, prints("\033[31m")}},
      {{"ansi_set_color", {31, 40}, prints("\033[40;31m")}},
      {{"ansi_set_color", {31, 40, 1}, prints("\033[40;31;1m")}},
      {{"ansi_set_color", {31, 40, 0}, prints("\033[40;31m")}},
      {{"ansi_set_color2", {31, 40}, prints("\033[40;31m")}},
      {{"ansi_set_color3", {31, 40, 4}, prints("\033[40;31;4m")}},
      {{"ansi_reset_color", {}, prints("\033[0;0m")}},
      {{"ansi_new_line", {}, prints("\n")}},
  };
}

}  // namespace

std::vector<Case> output_cases() {
  std::vector<Case> all;
  for (const auto& cases :
       {message_cases(), speculation_cases(), indentation_cases(), terminal_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace socktap::vm
