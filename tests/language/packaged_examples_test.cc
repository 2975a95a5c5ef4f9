// The example scripts of Debian's systemtap-doc, where it is installed: those that use only what
// is offered must pass the checker.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "language/language.h"

namespace socktap::language {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
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

}  // namespace
}  // namespace socktap::language
