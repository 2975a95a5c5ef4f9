// What a run says: pieces of output in the order they were made, on their way to a sink.
#pragma once

#include <cstdint>
#include <string_view>

namespace socktap {

enum class RecordKind : std::uint8_t {
  output,     // what print, printf and log produce
  warning,    // warn() and the run's own warnings, without "WARNING: "
  error,      // run-time errors, without "ERROR: "
  next_file,  // no text: what follows goes to the next file, if output goes to files
};

// A view: valid only during the call that hands it over. Text may hold any byte; `output` is
// exactly what is to be written, the others are one line without its newline.
struct Record {
  RecordKind kind = RecordKind::output;
  std::string_view text;
};

}  // namespace socktap
