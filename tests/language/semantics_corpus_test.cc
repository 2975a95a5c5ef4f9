// The checker over whole scripts. Scripts in semok pass, those in semko do not, and each says in
// comments what is expected of it:
//
//   # expect: semantic error type-mismatch at 3:12     every diagnostic, warnings too, in order
//   # dump: local x: long                              a line of dump(), without its indentation
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "language/language.h"

namespace socktap::language {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line.substr(std::min(line.find_first_not_of(' '), line.size())));
  return lines;
}

struct Expectations {
  std::vector<std::string> diagnostics, dump;
};

Expectations read_expectations(const std::string& text) {
  Expectations expected;
  for (const std::string& line : lines_of(text)) {
    constexpr std::string_view diagnostic = "# expect: ";
    constexpr std::string_view dump_line = "# dump: ";
    if (line.starts_with(diagnostic))
      expected.diagnostics.push_back(line.substr(diagnostic.size()));
    if (line.starts_with(dump_line)) expected.dump.push_back(line.substr(dump_line.size()));
  }
  return expected;
}

std::string one_line(const Diagnostic& diagnostic, const SourceMap& sources) {
  const LineColumn place = sources.locate(diagnostic.span.source, diagnostic.span.begin);
  const std::string_view severity = diagnostic.severity == Severity::warning ? "warning"
                                    : diagnostic.severity == Severity::parse_error
                                        ? "parse error"
                                        : "semantic error";
  std::ostringstream out;
  out << severity << ' ' << diagnostic.name << " at " << place.line << ':' << place.column;
  return out.str();
}

struct Checked {
  std::vector<std::string> diagnostics;  // as expectations spell them
  std::string rendered;                  // as people see them
  std::optional<std::string> dump;       // present when the script passed
};

Checked check_script(const std::string& name, const std::string& text) {
  SourceMap sources;
  const std::uint32_t source = sources.add(name, text);
  Invocation invocation;
  invocation.kernel_release = "6.1.0";
  invocation.architecture = "x86_64";
  Checked checked;
  const auto keep = [&](const Diagnostics& diagnostics) {
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      checked.diagnostics.push_back(one_line(diagnostic, sources));
      checked.rendered += render(diagnostic, sources, false);
    }
  };
  const Outcome<ast::Script> script = parse(sources, source, invocation);
  keep(script.diagnostics);
  if (!script.value) return checked;
  const Outcome<TypedProgram> program = check(*script.value, invocation);
  keep(program.diagnostics);
  if (program.value) checked.dump = dump(*program.value);
  return checked;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::string> scripts_in(std::string_view folder) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::path(SOCKTAP_LANGUAGE_CORPUS) / folder))
    if (entry.path().extension() == ".stp") names.push_back(entry.path().stem().string());
  std::ranges::sort(names);
  return names;
}

std::string script_name(const testing::TestParamInfo<std::string>& info) { return info.param; }

class SemanticsOk : public testing::TestWithParam<std::string> {};
class SemanticsKo : public testing::TestWithParam<std::string> {};

TEST_P(SemanticsOk, Passes) {
  const fs::path path = fs::path(SOCKTAP_LANGUAGE_CORPUS) / "semok" / (GetParam() + ".stp");
  const std::string text = read_file(path);
  const Expectations expected = read_expectations(text);
  ASSERT_FALSE(expected.dump.empty()) << "the script says nothing about its types";
  const Checked checked = check_script(path, text);
  EXPECT_EQ(checked.diagnostics, expected.diagnostics) << checked.rendered;
  ASSERT_TRUE(checked.dump.has_value()) << checked.rendered;
  const std::vector<std::string> lines = lines_of(*checked.dump);
  for (const std::string& line : expected.dump)
    EXPECT_NE(std::ranges::find(lines, line), lines.end()) << line << "\nis not in\n"
                                                           << *checked.dump;
}

TEST_P(SemanticsKo, IsRefused) {
  const fs::path path = fs::path(SOCKTAP_LANGUAGE_CORPUS) / "semko" / (GetParam() + ".stp");
  const std::string text = read_file(path);
  const Expectations expected = read_expectations(text);
  ASSERT_FALSE(expected.diagnostics.empty()) << "the script does not say what is wrong with it";
  const Checked checked = check_script(path, text);
  EXPECT_EQ(checked.diagnostics, expected.diagnostics) << checked.rendered;
  EXPECT_FALSE(checked.dump.has_value());
}

constexpr const char* examples = "/usr/share/doc/systemtap/examples";

// Whether nothing stands in the way: only points that are offered, no C, no tapset of its own.
bool is_within_our_means(const ast::Script& script) {
  const auto offered = [](const ast::Point& point) {
    constexpr std::string_view families[] = {"begin", "end", "error", "never", "timer", "socket"};
    return std::ranges::find(families, point.components[0].name) != std::end(families);
  };
  const bool no_c = script.embedded_code.empty() &&
                    std::ranges::none_of(script.functions, [](const ast::Function& function) {
                      return function.embedded_c.has_value();
                    });
  return no_c && script.aliases.empty() && !script.probes.empty() &&
         std::ranges::all_of(script.probes, [&](const ast::Probe& probe) {
           return std::ranges::all_of(probe.points, offered);
         });
}

TEST(SystemTapExamples, ThatUseOnlyWhatWeOfferPass) {
  if (!fs::exists(examples)) GTEST_SKIP() << "SystemTap's examples are not installed";
  std::size_t passed = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(examples)) {
    if (entry.path().extension() != ".stp" || entry.path().stem() == "tapset-time-user") continue;
    SourceMap sources;
    Invocation invocation;
    invocation.kernel_release = "6.1.0";
    invocation.architecture = "x86_64";
    invocation.arguments = {"1", "2", "3"};
    const std::uint32_t source = sources.add(entry.path(), read_file(entry.path()));
    const Outcome<ast::Script> script = parse(sources, source, invocation);
    if (!script.value || !is_within_our_means(*script.value)) continue;
    const Outcome<TypedProgram> program = check(*script.value, invocation);
    EXPECT_TRUE(program.value) << entry.path() << "\n"
                               << (program.diagnostics.empty()
                                       ? ""
                                       : render(program.diagnostics.all()[0], sources, false));
    ++passed;
  }
  EXPECT_GT(passed, 0U);
}

INSTANTIATE_TEST_SUITE_P(Corpus, SemanticsOk, testing::ValuesIn(scripts_in("semok")), script_name);
INSTANTIATE_TEST_SUITE_P(Corpus, SemanticsKo, testing::ValuesIn(scripts_in("semko")), script_name);

}  // namespace
}  // namespace socktap::language
