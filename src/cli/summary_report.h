// A summary as text, JSON, CSV, and as a picture.
#pragma once

#include <string>

#include "cli/summary_data.h"

namespace socktap::cli {

std::string as_text(const SummaryData& summary);

// An object a line: {"type": "summary", "data": ...}, then one for each kind of loss that happened.
std::string as_json_lines(const SummaryData& summary);

// A header, and a row for each count.
std::string as_csv(const SummaryData& summary);

// An SVG file.
std::string as_svg(const SummaryData& summary);

}  // namespace socktap::cli
