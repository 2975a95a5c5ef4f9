#include "example_scripts.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <utility>

namespace socktap::tests {
namespace {

namespace fs = std::filesystem;

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

// The tapset that an example brings in a folder beside it, for -I.
std::set<fs::path> tapset_of(const fs::path& script) {
  std::set<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(script.parent_path() / "tapset", none))
    files.insert(entry.path());
  return files;
}

}  // namespace

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> example_scripts() {
  std::vector<fs::path> scripts;
  std::error_code none;
  for (fs::recursive_directory_iterator entry(examples_folder, none), end; entry != end; ++entry) {
    if (entry->path().extension() != ".stp") continue;
    if (entry->path().parent_path().filename() == "tapset") continue;
    // A form to be filled in, with "..." where statements belong.
    if (entry->path().filename() == "security-bandaid-template.stp") continue;
    scripts.push_back(entry->path());
  }
  std::ranges::sort(scripts);
  return scripts;
}

language::Invocation invocation_of(const fs::path& script, SourceMap& sources) {
  language::Invocation invocation;
  invocation.arguments = arguments_of(script);
  invocation.kernel_release = "6.1.57-13-amd64";
  invocation.architecture = "x86_64";
  invocation.kernel_config.emplace();
  for (const fs::path& file : tapset_of(script))
    invocation.tapset_sources.push_back(sources.add(file, read_file(file)));
  return invocation;
}

std::string socktop_script(const std::string& options) {
  const fs::path socktop = fs::path(examples_folder) / "network/socktop";
  if (!fs::exists(socktop)) return "";
  const std::string command =
      "bash -c 'stap() { while [ $# -gt 0 ]; do [ \"$1\" = -e ] && printf %s \"$2\"; shift; done; "
      "}; export -f stap; bash " +
      socktop.string() + " " + options + "'";
  std::string script;
  FILE* output = ::popen(command.c_str(), "r");
  if (output == nullptr) return "";
  char part[4096];
  for (std::size_t size = 0; (size = std::fread(part, 1, sizeof part, output)) > 0;)
    script.append(part, size);
  ::pclose(output);
  return script;
}

}  // namespace socktap::tests
