// Holds docs/diagnostics.md and the list of diagnostics together: each has a section with an
// example of which nothing else is said.
#include <gtest/gtest.h>

#include <fstream>
#include <iomanip>
#include <sstream>

#include "base/diagnostic.h"
#include "language/language.h"
#include "vm/regex.h"

namespace socktap::tests {
namespace {

struct Section {
  std::string name;
  std::string explanation;
  std::string example;
};

// Reads "## `name`", a paragraph, and the lines that four blanks begin.
std::vector<Section> read_sections() {
  std::ifstream file(SOCKTAP_DIAGNOSTICS_DOCUMENT);
  std::vector<Section> sections;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("## `", 0) == 0) {
      sections.push_back({line.substr(4, line.size() - 5), "", ""});
    } else if (sections.empty()) {
      continue;
    } else if (line.rfind("    ", 0) == 0) {
      sections.back().example += line.substr(4) + "\n";
    } else if (!line.empty()) {
      sections.back().explanation += line;
    }
  }
  return sections;
}

std::vector<std::string> words_of_comment(const std::string& example, const std::string& word) {
  std::vector<std::string> words;
  std::istringstream lines(example);
  const std::string mark = "# " + word + ": ";
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(mark, 0) != 0) continue;
    std::istringstream rest(line.substr(mark.size()));
    for (std::string each; rest >> std::quoted(each);) words.push_back(each);
  }
  return words;
}

language::Invocation invocation_of(const std::string& example) {
  language::Invocation invocation;
  invocation.arguments = words_of_comment(example, "args");
  invocation.kernel_release = "6.1.57-13-amd64";
  invocation.architecture = "x86_64";
  invocation.pattern_error = vm::regex_error;
  if (words_of_comment(example, "kernel-config").empty()) invocation.kernel_config.emplace();
  for (const std::string& each : words_of_comment(example, "globals")) {
    const auto equals = each.find('=');
    invocation.globals[each.substr(0, equals)] = each.substr(equals + 1);
  }
  return invocation;
}

// The names of what is said about the example, each once, and the text of it.
std::pair<std::vector<std::string>, std::string> said_about(const std::string& example) {
  SourceMap sources;
  language::Invocation invocation = invocation_of(example);
  const std::vector<std::uint32_t> script{sources.add("example.stp", example)};
  for (const std::string& text : words_of_comment(example, "tapset"))
    invocation.tapset_sources.push_back(sources.add("tapset.stp", text));
  const Diagnostics diagnostics = language::compile(sources, script, invocation).diagnostics;
  std::vector<std::string> names;
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const std::string name(diagnostic.name.text());
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    text += render(diagnostic, sources, false);
  }
  return {names, text};
}

TEST(DiagnosticsDocument, HasASectionForEachDiagnosticInTheOrderOfTheList) {
  std::vector<std::string> documented;
  for (const Section& section : read_sections()) documented.push_back(section.name);
  EXPECT_EQ(documented,
            std::vector<std::string>(std::begin(diagnostic_names), std::end(diagnostic_names)));
  EXPECT_TRUE(std::is_sorted(std::begin(diagnostic_names), std::end(diagnostic_names)));
}

TEST(DiagnosticsDocument, EachExampleIsWhatItsSectionSays) {
  for (const Section& section : read_sections()) {
    EXPECT_FALSE(section.explanation.empty()) << section.name;
    const auto [names, text] = said_about(section.example);
    EXPECT_EQ(names, std::vector<std::string>{section.name}) << section.example << text;
  }
}

}  // namespace
}  // namespace socktap::tests
