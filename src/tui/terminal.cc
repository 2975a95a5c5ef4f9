#include "tui/terminal.h"

#define NCURSES_WIDECHAR 1
#include <langinfo.h>
#include <ncurses.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <string>

#include "tui/top_state.h"

namespace socktap::tui {
namespace {

// What a signal handler needs to give the terminal back: it may call neither ncurses nor malloc.
struct Before {
  termios settings{};
  std::array<char, 256> sequences{};
  std::size_t length = 0;
};
Before before;

constexpr std::array crashes{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};

void give_back(int signal) {
  static_cast<void>(!::write(STDOUT_FILENO, before.sequences.data(), before.length));
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before.settings);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void remember_sequence(const char* name) {
  const char* const text = ::tigetstr(name);
  if (text == nullptr || reinterpret_cast<std::intptr_t>(text) == -1) return;
  const std::size_t size = std::min(std::strlen(text), before.sequences.size() - before.length);
  std::memcpy(before.sequences.data() + before.length, text, size);
  before.length += size;
}

void handle_crashes(void (*handler)(int)) {
  for (const int signal : crashes) ::signal(signal, handler);
}

enum Color : short { of_good = 1, of_warning = 2 };

attr_t attributes_of(Style style) {
  switch (style) {
    case Style::plain:
      return A_NORMAL;
    case Style::dim:
      return A_DIM;
    case Style::bold:
      return A_BOLD;
    case Style::heading:
    case Style::selected:
      return A_REVERSE;
    case Style::good:
    case Style::warning:
      return style == Style::warning ? A_BOLD : A_NORMAL;
  }
  return A_NORMAL;
}

short color_of(Style style) {
  if (!::has_colors()) return 0;
  if (style == Style::good) return of_good;
  return style == Style::warning ? short{of_warning} : short{0};
}

// What cannot be shown is a bar, or a part of one.
wchar_t shown(char32_t character, bool shows_utf8) {
  return shows_utf8 || character < 0x80 ? static_cast<wchar_t>(character) : L'#';
}

int key_of(int key) {
  switch (key) {
    case KEY_UP:
      return pressed_up;
    case KEY_DOWN:
      return pressed_down;
    case KEY_PPAGE:
      return pressed_page_up;
    case KEY_NPAGE:
      return pressed_page_down;
    case KEY_HOME:
      return pressed_home;
    case KEY_END:
      return pressed_end;
    case KEY_ENTER:
      return pressed_enter;
    case KEY_BACKSPACE:
    case 0x7f:
    case '\b':
      return pressed_backspace;
    case 0x1b:
      return pressed_escape;
    default:
      return key;
  }
}

}  // namespace

Result<std::unique_ptr<Terminal>> Terminal::open() {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1)
    return failure("there is no terminal to show this on", "with --batch it prints tables instead");
  const char* const kind = std::getenv("TERM");
  int refusal = 0;
  if (kind == nullptr || ::setupterm(kind, STDOUT_FILENO, &refusal) != OK)
    return failure("the terminal " + std::string(kind == nullptr ? "" : kind) + " is unknown here",
                   "set TERM to what it is, or use --batch");
  std::setlocale(LC_ALL, "");
  ::tcgetattr(STDIN_FILENO, &before.settings);
  std::unique_ptr<Terminal> terminal(new Terminal);
  terminal->shows_utf8_ = std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0;
  ::del_curterm(::cur_term);  // initscr() makes one of its own
  ::initscr();
  before.length = 0;
  for (const char* name : {"sgr0", "cnorm", "rmkx", "rmcup"}) remember_sequence(name);
  handle_crashes(give_back);
  ::cbreak();
  ::noecho();
  nonl();
  ::nodelay(::stdscr, true);
  ::keypad(::stdscr, true);
  ::set_escdelay(25);  // ms: an Esc that nothing follows is the key
  ::curs_set(0);
  if (::has_colors()) {
    ::start_color();
    ::use_default_colors();
    ::init_pair(of_good, COLOR_GREEN, -1);
    ::init_pair(of_warning, COLOR_RED, -1);
  }
  return terminal;
}

Terminal::~Terminal() {
  ::endwin();
  ::delscreen(::set_term(nullptr));
  handle_crashes(SIG_DFL);
}

unsigned Terminal::width() const { return static_cast<unsigned>(std::max(0, getmaxx(::stdscr))); }
unsigned Terminal::height() const { return static_cast<unsigned>(std::max(0, getmaxy(::stdscr))); }

void Terminal::show(const Canvas& canvas) {
  was_resized_ = false;
  erase();
  for (unsigned y = 0; y < canvas.height(); ++y) {
    for (unsigned x = 0; x < canvas.width(); ++x) {
      const Cell& cell = canvas.at(x, y);
      const wchar_t text[] = {shown(cell.character, shows_utf8_), L'\0'};
      cchar_t character{};
      setcchar(&character, text, attributes_of(cell.style), color_of(cell.style), nullptr);
      mvadd_wch(static_cast<int>(y), static_cast<int>(x), &character);
    }
  }
  refresh();
}

std::optional<int> Terminal::key() {
  const int pressed = getch();
  if (pressed == ERR) return std::nullopt;
  if (pressed != KEY_RESIZE) return key_of(pressed);
  was_resized_ = true;
  return key();
}

}  // namespace socktap::tui
