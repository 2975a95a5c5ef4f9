#include "cli/message.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace socktap::cli {

namespace {

bool has_color(int fd, Color color) {
  if (color != Color::automatic) return color == Color::always;
  const char* no_color = std::getenv("NO_COLOR");
  return ::isatty(fd) == 1 && (no_color == nullptr || *no_color == '\0');
}

}  // namespace

bool stderr_has_color(Color color) { return has_color(STDERR_FILENO, color); }
bool stdout_has_color(Color color) { return has_color(STDOUT_FILENO, color); }

void print_error(const Error& error) {
  fmt::print(stderr, "ERROR: {}\n", error.message);
  if (!error.hint.empty()) fmt::print(stderr, "hint: {}\n", error.hint);
}

void print_warning(std::string_view text) { fmt::print(stderr, "WARNING: {}\n", text); }

void print_note(std::string_view text) { fmt::print(stderr, "socktap: {}\n", text); }

void print_diagnostics(const Diagnostics& diagnostics, const SourceMap& sources, Color color) {
  const bool colored = stderr_has_color(color);
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    fmt::print(stderr, "{}", render(diagnostic, sources, colored));
  }
}

}  // namespace socktap::cli
