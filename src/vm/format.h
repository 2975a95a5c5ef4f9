// The text of formats and numbers for the print family. Formats are parsed once, before the run.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "language/print_format.h"
#include "vm/argument.h"

namespace socktap::vm {

using Format = language::PrintFormat;

// The format of a checked program, where parsing cannot fail.
Format parse_checked_format(std::string_view format);

// Appends the text of `format` to `out`. `arguments` stand in the format's order, '*' widths and
// precisions included, and are as many as format.arguments() says.
void render(const Format& format, std::span<const Argument> arguments, std::string& out);

// Appends a number as print() does.
void append_number(std::int64_t number, std::string& out);

}  // namespace socktap::vm
