// Runs every script of the corpus: folders are phase × verdict. parseok and parseko go through the
// parser, semok and semko through the checker too. A script says what it expects in its comments:
//
//   # expect: parse error unclosed-bracket at 3:14     every diagnostic has such a line, in order;
//   # expect: warning unknown-escape at 2:5            scripts of the ok folders have warnings only
//   # dump: (a = (b . (c + d)))                        a line that the tree's dump must have
//   # args: one "two words"                            the script's arguments
//
// A script that is accepted says something about its tree, one that is refused says why.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>

#include "language/language.h"

namespace socktap::language {
namespace {

namespace fs = std::filesystem;

struct Result {
  Diagnostics diagnostics;
  std::string tree;  // the dump of what the last phase made; empty if it failed
};

Result run_parser(SourceMap& sources, std::uint32_t source, const Invocation& invocation) {
  auto parsed = parse(sources, source, invocation);
  return {std::move(parsed.diagnostics), parsed.value ? dump(*parsed.value) : ""};
}

Result run_checker(SourceMap& sources, std::uint32_t source, const Invocation& invocation) {
  auto parsed = parse(sources, source, invocation);
  if (!parsed.value) return {std::move(parsed.diagnostics), ""};
  auto checked = check(*parsed.value, invocation);
  Result result{std::move(parsed.diagnostics), checked.value ? dump(*checked.value) : ""};
  result.diagnostics.append(std::move(checked.diagnostics));
  return result;
}

struct Folder {
  const char* name;
  Result (*run)(SourceMap&, std::uint32_t, const Invocation&);
  bool accepts;
};

constexpr Folder folders[] = {
    {"parseok", run_parser, true},
    {"parseko", run_parser, false},
    {"semok", run_checker, true},
    {"semko", run_checker, false},
};

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The texts behind `# WORD:` comments, in order.
std::vector<std::string> comments(const std::string& script, const std::string& word) {
  const std::string prefix = "# " + word + ": ";
  std::vector<std::string> found;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, prefix.size(), prefix) == 0) found.push_back(line.substr(prefix.size()));
  }
  return found;
}

Invocation invocation_of(const std::string& script) {
  Invocation invocation;
  invocation.kernel_release = "6.1.57-13-amd64";
  invocation.architecture = "x86_64";
  invocation.kernel_config.emplace();
  for (const std::string& line : comments(script, "args")) {
    std::istringstream words(line);
    for (std::string word; words >> std::quoted(word);) invocation.arguments.push_back(word);
  }
  return invocation;
}

std::string describe(const Diagnostic& diagnostic, const SourceMap& sources) {
  const LineColumn place = sources.locate(diagnostic.span.source, diagnostic.span.begin);
  const char* severity = diagnostic.severity == Severity::warning       ? "warning"
                         : diagnostic.severity == Severity::parse_error ? "parse error"
                                                                        : "semantic error";
  return fmt::format("{} {} at {}:{}", severity, diagnostic.name.text(), place.line, place.column);
}

bool has_line(const std::string& text, const std::string& wanted) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.substr(std::min(line.find_first_not_of(' '), line.size())) == wanted) return true;
  }
  return false;
}

class CorpusScript : public testing::Test {
 public:
  CorpusScript(const Folder& folder, fs::path path) : folder_(folder), path_(std::move(path)) {}

  void TestBody() override {
    const std::string script = read(path_);
    SourceMap sources;
    const auto source = sources.add(path_.filename(), script);
    const Result result = folder_.run(sources, source, invocation_of(script));

    std::vector<std::string> said;
    std::string rendered;
    for (const Diagnostic& diagnostic : result.diagnostics.all()) {
      said.push_back(describe(diagnostic, sources));
      rendered += render(diagnostic, sources, false);
    }
    const std::vector<std::string> expected = comments(script, "expect");
    const std::vector<std::string> tree = comments(script, "dump");
    EXPECT_FALSE(folder_.accepts ? tree.empty() : expected.empty()) << "nothing is expected";
    EXPECT_EQ(said, expected) << rendered;
    EXPECT_EQ(folder_.accepts, !result.diagnostics.has_errors());
    for (const std::string& line : tree) {
      EXPECT_TRUE(has_line(result.tree, line)) << "no line: " << line << "\nin:\n" << result.tree;
    }
  }

 private:
  const Folder& folder_;
  fs::path path_;
};

std::vector<fs::path> scripts_below(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code none;
  for (fs::recursive_directory_iterator entry(folder, none), end; entry != end; ++entry) {
    if (entry->path().extension() == ".stp") paths.push_back(entry->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// gtest's names are of letters, digits and underscores.
std::string test_name(const fs::path& path) {
  std::string name = path.stem();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

void register_corpus() {
  for (const Folder& folder : folders) {
    for (const fs::path& path : scripts_below(fs::path(SOCKTAP_LANGUAGE_CORPUS) / folder.name)) {
      testing::RegisterTest(
          folder.name, test_name(path).c_str(), nullptr, nullptr, path.c_str(), 1,
          [&folder, path]() -> CorpusScript* { return new CorpusScript(folder, path); });
    }
  }
}

// The example scripts that SystemTap's documentation package installs: real scripts, written by
// many people, none of them for us.
std::vector<fs::path> installed_examples() {
  std::vector<fs::path> all;
  for (const char* folder :
       {"/usr/share/systemtap/examples", "/usr/share/doc/systemtap/examples"}) {
    const auto found = scripts_below(folder);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

// Examples take numbers, names or probe points as arguments; no list of them serves all.
std::vector<std::vector<std::string>> argument_lists() {
  constexpr std::size_t most = 40;
  return {std::vector<std::string>(most, "1"),
          std::vector<std::string>(most, "name"),
          {"syscall.open", "syscall.close", "100", "5"}};
}

bool parses(const fs::path& path, std::string& diagnostics) {
  const std::string script = read(path);
  for (const auto& arguments : argument_lists()) {
    SourceMap sources;
    Invocation invocation;
    invocation.kernel_release = "6.1.57-13-amd64";
    invocation.architecture = "x86_64";
    invocation.arguments = arguments;
    const Result result = run_parser(sources, sources.add(path, script), invocation);
    if (!result.diagnostics.has_errors()) return true;
    for (const Diagnostic& diagnostic : result.diagnostics.all()) {
      diagnostics += render(diagnostic, sources, false);
    }
  }
  return false;
}

TEST(InstalledExamples, AllParse) {
  const std::vector<fs::path> examples = installed_examples();
  if (examples.empty()) GTEST_SKIP() << "Debian's package systemtap-doc is not installed";
  for (const fs::path& path : examples) {
    // A form to be filled in, with "..." where statements belong.
    if (path.filename() == "security-bandaid-template.stp") continue;
    std::string diagnostics;
    EXPECT_TRUE(parses(path, diagnostics)) << path << "\n" << diagnostics;
  }
}

// Whether only what is offered is used: probe points and functions, no C, no kernel variables.
bool is_within_our_means(const Diagnostics& diagnostics) {
  constexpr std::string_view refusals[] = {
      "unsupported-probe-point", "unknown-probe-point", "unsupported-function", "unknown-function",
      "unsupported-operator",    "embedded-c",          "target-variable",      "no-probes"};
  return std::ranges::none_of(diagnostics.all(), [&](const Diagnostic& diagnostic) {
    return std::ranges::find(refusals, diagnostic.name.text()) != std::end(refusals);
  });
}

TEST(InstalledExamples, ThatUseOnlyWhatIsOfferedPass) {
  const std::vector<fs::path> examples = installed_examples();
  if (examples.empty()) GTEST_SKIP() << "Debian's package systemtap-doc is not installed";
  std::size_t passed = 0;
  for (const fs::path& path : examples) {
    for (const auto& arguments : argument_lists()) {
      SourceMap sources;
      Invocation invocation;
      invocation.kernel_release = "6.1.57-13-amd64";
      invocation.architecture = "x86_64";
      invocation.arguments = arguments;
      const auto script = parse(sources, sources.add(path, read(path)), invocation);
      if (!script.value) continue;
      const auto program = check(*script.value, invocation);
      if (!is_within_our_means(program.diagnostics)) break;
      std::string rendered;
      for (const Diagnostic& diagnostic : program.diagnostics.all())
        rendered += render(diagnostic, sources, false);
      EXPECT_TRUE(program.value) << path << "\n" << rendered;
      ++passed;
      break;
    }
  }
  EXPECT_GT(passed, 0U);
}

}  // namespace
}  // namespace socktap::language

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  socktap::language::register_corpus();
  return RUN_ALL_TESTS();
}
