// What socktap says to the person at the terminal: on standard error, coloured when it is one.
#pragma once

#include <string_view>

#include "base/diagnostic.h"
#include "base/result.h"

namespace socktap::cli {

enum class Color { automatic, always, never };

// Whether to colour; if nobody decided: on a terminal, unless NO_COLOR is set.
bool stderr_has_color(Color color);
bool stdout_has_color(Color color);

void print_error(const Error& error);       // "ERROR: message" and its hint
void print_warning(std::string_view text);  // "WARNING: text"
void print_note(std::string_view text);     // "socktap: text"
void print_diagnostics(const Diagnostics& diagnostics, const SourceMap& sources,
                       Color color = Color::automatic);

}  // namespace socktap::cli
