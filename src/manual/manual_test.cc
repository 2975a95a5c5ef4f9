// What man pages and completions are made of; that the examples of socktap-scripts(5) are scripts.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "cli/command.h"
#include "language/language.h"
#include "manual/command_model.h"
#include "manual/completions.h"
#include "manual/fill.h"
#include "manual/roff.h"
#include "manual/value_kinds.h"
#include "tapset/catalogue.h"
#include "tapset/functions.h"
#include "vm/regex.h"

namespace socktap::manual {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string text_of(const std::string& page) {
  std::ifstream file(std::string(SOCKTAP_MAN_FOLDER "/") + page + ".in");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string page(const std::string& name) {
  const auto filled = fill(text_of(name));
  EXPECT_TRUE(filled) << filled.error().message;
  return filled.value_or("");
}

TEST(Roff, KeepsWhatItWouldRead) {
  EXPECT_EQ(escaped(R"(a-b 'c' \n ~x ^`)"), R"(a\-b \(aqc\(aq \en \(tix \(ha\(ga)");
  EXPECT_EQ(escaped(".TH\n'x\na.b"), "\\&.TH\n\\&\\(aqx\na.b");
  EXPECT_EQ(example("a-b\n"), ".RS 4\n.EX\na\\-b\n.EE\n.RE\n");
}

TEST(Fill, PutsTextInItsPlaces) {
  EXPECT_EQ(fill("socktap @VERSION@ @ x\n").value(), "socktap " SOCKTAP_VERSION " @ x\n");
  EXPECT_EQ(fill(".EX\n@NIX@ -x\n.EE\nend\n").value(), example("@NIX@ -x\n") + "end\n");
  EXPECT_TRUE(contains(fill("a\n@LIMITS@\nb\n").value(), "\\fBMAXSTRINGLEN\\fR [512]\n"));
  const auto refused = fill("@NIX@\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "nothing is known of @NIX@");
}

TEST(Commands, EachIsDescribedWithAnExample) {
  const auto models = command_models();
  ASSERT_EQ(models.size(), cli::commands().size());
  for (const CommandModel& model : models) {
    EXPECT_FALSE(model.description.empty()) << model.name;
    EXPECT_TRUE(contains(model.footer, "\n  socktap " + model.name)) << model.name;
    for (const OptionModel& option : model.options) EXPECT_FALSE(option.help.empty());
  }
}

TEST(Commands, EachValueHasAKnownKind) {
  std::size_t values = 0;
  for (const CommandModel& model : command_models()) {
    for (const auto& options : {model.options, model.operands}) {
      for (const OptionModel& option : options) {
        values += option.value.empty() ? 0 : 1;
        EXPECT_TRUE(option.value.empty() || find_value_kind(option.value))
            << model.name << ": a row of value_kinds.cc must say what " << option.value << " is";
      }
    }
  }
  EXPECT_GT(values, 30u);
}

TEST(Commands, ValuesAreWordsOrWhatTheTableSays) {
  const auto format = find_value_kind("text|json");
  ASSERT_TRUE(format);
  EXPECT_EQ(format->words, (std::vector<std::string>{"text", "json"}));
  const auto families = find_value_kind("FAMILY,...");
  ASSERT_TRUE(families);
  EXPECT_TRUE(families->is_list);
  EXPECT_EQ(families->words[1], "LOCAL");
  EXPECT_EQ(find_value_kind("FILE")->from, ValueKind::From::files);
  EXPECT_FALSE(find_value_kind("NIX"));
}

TEST(Pages, NameEveryCommandAndOption) {
  const std::string text = page("socktap.1");
  for (const CommandModel& model : command_models()) {
    EXPECT_TRUE(contains(text, "\n.SS " + model.name + "\n")) << model.name;
    for (const OptionModel& option : model.options)
      for (const std::string& name : option.names)
        EXPECT_TRUE(name == "-h" || name == "--help" || contains(text, bold(name))) << name;
  }
}

TEST(Pages, NameEveryPointVariableAndFunction) {
  const std::string text = page("socktap-probes.5");
  for (const auto& point : tapset::probe_points())
    EXPECT_TRUE(contains(text, ".TP\n" + bold(point.name) + "\n")) << point.name;
  for (const auto& function : tapset::functions())
    EXPECT_NE(contains(text, ".TP\n" + bold(function.name) + "("), function.name.starts_with("__"))
        << function.name;
  EXPECT_TRUE(contains(text, ".TP\n" + bold("syscall.accept4") + "\n"));
  EXPECT_TRUE(contains(text, ".TP\n" + bold("family") + ": long\n"));
}

std::vector<std::string> examples_of(const std::string& text) {
  std::vector<std::string> examples;
  std::istringstream lines(text);
  bool is_example = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == ".EE") is_example = false;
    if (is_example) examples.back() += line + "\n";
    if (line != ".EX") continue;
    is_example = true;
    examples.emplace_back();
  }
  return examples;
}

TEST(Pages, EachExampleOfTheLanguageIsAScriptOfWhichNothingIsSaid) {
  const auto examples = examples_of(text_of("socktap-scripts.5"));
  EXPECT_GT(examples.size(), 8u);
  for (const std::string& example : examples) {
    SourceMap sources;
    language::Invocation invocation;
    invocation.kernel_release = "6.1.0";
    invocation.architecture = "x86_64";
    invocation.pattern_error = vm::regex_error;
    const std::vector<std::uint32_t> script{sources.add("example.stp", example)};
    const Diagnostics diagnostics = language::compile(sources, script, invocation).diagnostics;
    std::string said;
    for (const Diagnostic& diagnostic : diagnostics.all())
      said += render(diagnostic, sources, false);
    EXPECT_EQ(said, "") << example;
  }
}

}  // namespace
}  // namespace socktap::manual
