#include "manual/fill.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "manual/command_pages.h"
#include "manual/completions.h"
#include "manual/roff.h"
#include "manual/tapset_pages.h"

namespace socktap::manual {
namespace {

struct Table {
  std::string_view place;
  std::string (*text)();
};
constexpr Table tables[] = {
    {"@COMMANDS@", command_sections},
    {"@STAP_OPTIONS@", stap_option_list},
    {"@LIMITS@", limit_list},
    {"@POINTS@", point_list},
    {"@VARIABLES@", variable_list},
    {"@FUNCTIONS@", function_sections},
    {"@CALLS@", call_list},
    {"@BASH_TABLES@", bash_tables},
    {"@ZSH_FUNCTIONS@", zsh_functions},
    {"@ZSH_COMMANDS@", zsh_commands},
    {"@FISH_TABLES@", fish_tables},
};

std::string with_version(std::string line) {
  constexpr std::string_view place = "@VERSION@";
  const std::size_t at = line.find(place);
  return at == std::string::npos ? line : line.replace(at, place.size(), SOCKTAP_VERSION);
}

bool is_place(const std::string& line) {
  return line.size() > 2 && line.starts_with('@') && line.ends_with('@') &&
         line.find(' ') == std::string::npos;
}

}  // namespace

Result<std::string> fill(std::string_view text) {
  std::istringstream lines{std::string(text)};
  std::string out, verbatim;
  bool is_example = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == ".EX") {
      is_example = true;
    } else if (line == ".EE") {
      out += example(verbatim);
      verbatim.clear();
      is_example = false;
    } else if (is_example) {
      verbatim += line + "\n";
    } else if (is_place(line)) {
      const auto* table = std::ranges::find(tables, line, &Table::place);
      if (table == std::end(tables)) return failure("nothing is known of " + line);
      out += table->text();
    } else {
      out += with_version(line) + "\n";
    }
  }
  return out;
}

}  // namespace socktap::manual
