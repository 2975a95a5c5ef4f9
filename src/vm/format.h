// The text of conversions and numbers for the print family.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "language/print_format.h"
#include "vm/argument.h"

namespace socktap::vm {

// Appends what the conversion makes of its arguments: numbers for its '*'s, then the value.
void append_conversion(const language::Conversion& conversion, std::span<const Argument> arguments,
                       std::string& out);

// Appends a number as print() does.
void append_number(std::int64_t number, std::string& out);

}  // namespace socktap::vm
