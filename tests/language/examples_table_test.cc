// What comes of each example script that Debian's systemtap-doc installs:
// docs/compatibility-scripts.md says it, and this test that it still is so. `make tables` writes
// the page anew.
//
// The arguments are those that the .meta files beside the example test it with.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "language/language.h"
#include "vm/regex.h"

namespace socktap::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* examples_folder = "/usr/share/systemtap/examples";

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// As a shell would split it, but that what it would run or look up is 1.
std::vector<std::string> shell_words(std::string text) {
  text = std::regex_replace(text, std::regex("`[^`]*`|\\$\\$(?![a-z])"), "1");
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (const char c : text + " ") {
    if (quote == 0 && c == ' ') {
      if (open) words.push_back(std::exchange(word, {}));
      open = false;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
      open = true;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else {
      word += c;
      open = true;
    }
  }
  return words;
}

// What follows the script in `stap ... SCRIPT ...`, without options.
std::vector<std::string> arguments_behind(const std::string& script, const std::string& command) {
  const std::vector<std::string> words = shell_words(command);
  auto word = std::find(words.begin(), words.end(), script);
  std::vector<std::string> arguments;
  while (word != words.end() && ++word != words.end()) {
    if (*word == "-c" || *word == "-x" || *word == "-d") {
      ++word;
    } else if (word->rfind('-', 0) != 0) {
      arguments.push_back(*word);
    }
  }
  return arguments;
}

// Of the `test_check: stap ...` in the .meta files beside the script the first that gives it some.
std::vector<std::string> arguments_of(const fs::path& script) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(script.parent_path())) {
    if (entry.path().extension() == ".meta") files.insert(entry.path());
  }
  for (const fs::path& file : files) {
    std::istringstream lines(read_file(file));
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("test_check: stap", 0) != 0) continue;
      auto arguments = arguments_behind(script.filename(), line);
      if (!arguments.empty()) return arguments;
    }
  }
  return {};
}

// A `|` would end the table's cell.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return text;
}

// The tapset that an example brings in a folder beside it, for -I.
std::set<fs::path> tapset_of(const fs::path& script) {
  std::set<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(script.parent_path() / "tapset", none))
    files.insert(entry.path());
  return files;
}

// "runs", or the first error.
std::string outcome(const fs::path& path) {
  SourceMap sources;
  language::Invocation invocation;
  invocation.arguments = arguments_of(path);
  invocation.kernel_release = "6.1.57-13-amd64";
  invocation.architecture = "x86_64";
  invocation.kernel_config.emplace();
  invocation.pattern_error = vm::regex_error;
  const std::vector<std::uint32_t> script{sources.add(path, read_file(path))};
  for (const fs::path& file : tapset_of(path))
    invocation.tapset_sources.push_back(sources.add(file, read_file(file)));
  auto parsed = language::parse_whole(sources, script, invocation);
  Diagnostics diagnostics = std::move(parsed.diagnostics);
  if (parsed.value) diagnostics.append(language::check(*parsed.value, invocation).diagnostics);
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
  std::error_code none;
  for (fs::recursive_directory_iterator entry(examples_folder, none), end; entry != end; ++entry) {
    if (entry->path().extension() != ".stp") continue;
    if (entry->path().parent_path().filename() == "tapset") continue;
    const fs::path name = entry->path().lexically_relative(examples_folder);
    // A form to be filled in, with "..." where statements belong.
    if (name.filename() == "security-bandaid-template.stp") continue;
    table[name] = outcome(entry->path());
  }
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
