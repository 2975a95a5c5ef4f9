// The probe points that a pattern means: -l and -L.
#pragma once

#include <string>
#include <vector>

#include "cli/data_records.h"
#include "cli/script.h"
#include "tapset/catalogue.h"

namespace socktap::cli {

struct ListedPoint {
  std::string name;                  // "socket.send", "timer.s(1)", an alias of the script
  nlohmann::ordered_json variables;  // an object of their types: "size": "long"
};

// "name:string size:long"; "" where there are none.
std::string signature(const ListedPoint& point);

// The variables of a point of the tapset in that form.
nlohmann::ordered_json variables_of(const tapset::ProbePoint& point);

// What `probe PATTERN` would probe, sorted by name, each once: wildcards, braces, commas and the
// aliases of `options.additional_texts` included; what does not exist is passed over. A pattern
// that is none is told on standard error, as a script's mistake.
std::vector<ListedPoint> points_that_match(const std::string& pattern, ScriptOptions options);

// Prints them, one a line; the exit status says whether there were any.
int list_points(const std::string& pattern, const ScriptOptions& options, bool with_variables,
                Format format = Format::text);

}  // namespace socktap::cli
