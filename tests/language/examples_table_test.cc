// What comes of each example script that Debian's systemtap-doc installs:
// docs/compatibility-scripts.md says it, and this test that it still is so. `make tables` writes
// the page anew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "example_scripts.h"
#include "language/language.h"
#include "vm/regex.h"

namespace socktap::tests {
namespace {

namespace fs = std::filesystem;

// A `|` would end the table's cell.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return text;
}

// "runs", or the first error.
std::string outcome(const fs::path& path) {
  SourceMap sources;
  language::Invocation invocation = invocation_of(path, sources);
  invocation.pattern_error = vm::regex_error;
  const std::vector<std::uint32_t> script{sources.add(path, read_file(path))};
  const Diagnostics diagnostics = language::compile(sources, script, invocation).diagnostics;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.severity == Severity::warning) continue;
    const LineColumn place = sources.locate(diagnostic.span.source, diagnostic.span.begin);
    return cell(
        fmt::format("line {}: {} [{}]", place.line, diagnostic.message, diagnostic.name.text()));
  }
  return "runs";
}

using Table = std::map<std::string, std::string>;

Table installed() {
  Table table;
  for (const fs::path& script : example_scripts())
    table[script.lexically_relative(examples_folder)] = outcome(script);
  return table;
}

std::string page(const Table& table) {
  const auto running = std::count_if(table.begin(), table.end(),
                                     [](const auto& row) { return row.second == "runs"; });
  std::string text = fmt::format(
      "# The packaged example scripts\n\n"
      "What comes of the {} example scripts of Debian's systemtap-doc 4.8, with the arguments "
      "that\n"
      "their own tests give them: {} run, {} are refused, and why. A test compares this page with "
      "what\n"
      "comes out; `make tables` writes it.\n\n"
      "| script | outcome |\n| --- | --- |\n",
      table.size(), running, table.size() - static_cast<std::size_t>(running));
  for (const auto& [name, what] : table) text += fmt::format("| `{}` | {} |\n", name, what);
  return text;
}

// The names in the page's first column.
std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("| `", 0) == 0) names.push_back(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

TEST(ExamplesTable, IsWhatComesOfTheInstalledScripts) {
  const Table table = installed();
  if (table.empty()) GTEST_SKIP() << "Debian's package systemtap-doc is not installed";
  if (std::getenv("SOCKTAP_WRITE_TABLES") != nullptr) {
    std::ofstream(SOCKTAP_EXAMPLES_TABLE) << page(table);
    return;
  }
  const std::string committed = read_file(SOCKTAP_EXAMPLES_TABLE);
  std::vector<std::string> names;
  for (const auto& row : table) names.push_back(row.first);
  if (names_in(committed) != names) GTEST_SKIP() << "another version of systemtap-doc is installed";
  EXPECT_EQ(committed, page(table)) << "if that is meant: make tables";
}

}  // namespace
}  // namespace socktap::tests
