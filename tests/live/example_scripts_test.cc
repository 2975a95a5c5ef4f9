// SystemTap's own example scripts, where their package is installed: each is checked by the command
// that its description says, through a link named stap, and docs/compatibility-scripts.md has the
// outcome of every one. SOCKTAP_UPDATE=1 writes the document anew.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "command.h"

namespace socktap::test {
namespace {

namespace fs = std::filesystem;

const fs::path examples = "/usr/share/systemtap/examples";
constexpr const char* release = "4.8";  // of the package that the document is about

std::string content_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Some are only parsed there.
std::string checked_whole(std::string command) {
  const std::size_t pass = command.find("p1 ");
  return pass == std::string::npos ? command : command.replace(pass, 2, "p4");
}

// The command that checks a script, as the description beside it says.
std::string check_command(const fs::path& script) {
  fs::path description = script;
  description.replace_extension(".meta");
  const std::string key = "test_check: ";
  for (const std::string& line : lines_of(content_of(description)))
    if (line.starts_with(key + "stap ") && line.find(script.filename()) != std::string::npos)
      return checked_whole(line.substr(key.size()));
  return "stap -p4 " + script.filename().string();
}

// "runs", or the first error's message and name.
std::string verdict_of(const Outcome& outcome) {
  if (outcome.status == 0) return "runs";
  for (const std::string& line : lines_of(outcome.errors))
    if (line.starts_with("semantic error: ") || line.starts_with("parse error: ")) return line;
  return "ERROR " + outcome.errors.substr(0, outcome.errors.find('\n'));
}

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

// How each script fares, by its path in the package.
std::vector<std::string> rows() {
  const TemporaryFolder folder("stap-link");
  EXPECT_EQ(::symlink(SOCKTAP_BINARY, (folder.path() + "/stap").c_str()), 0);
  std::vector<fs::path> scripts;
  for (const auto& entry : fs::recursive_directory_iterator(examples))
    if (entry.path().extension() == ".stp" && entry.path().parent_path().filename() != "tapset")
      scripts.push_back(entry.path());
  std::ranges::sort(scripts);
  std::vector<std::string> table;
  for (const fs::path& script : scripts) {
    const Outcome outcome =
        run({"sh", "-c", "cd \"$1\" && PATH=\"$2:$PATH\" && " + check_command(script), "sh",
             script.parent_path().string(), folder.path()});
    table.push_back("| " + fs::relative(script, examples).string() + " | " +
                    escaped(verdict_of(outcome)) + " |");
  }
  return table;
}

bool runs(const std::string& row) { return row.ends_with("| runs |"); }

std::string document(const std::vector<std::string>& table) {
  const auto running = static_cast<std::size_t>(std::ranges::count_if(table, runs));
  std::string text =
      "# SystemTap's example scripts\n"
      "\n"
      "The scripts of the package systemtap-doc " +
      std::string(release) +
      ", checked by the commands that their descriptions\nsay. A test compares this page with what "
      "comes out, and writes it: `SOCKTAP_UPDATE=1 ctest -R\nExampleScripts`. What a refusal means "
      "is said in [diagnostics.md](diagnostics.md).\n"
      "\n" +
      std::to_string(running) + " of " + std::to_string(table.size()) +
      " run. The others hook functions of the kernel or of programs, read their memory, or need "
      "what "
      "only a\nkernel module can do.\n\n| script | outcome |\n| --- | --- |\n";
  for (const bool wanted : {true, false})
    for (const std::string& row : table)
      if (runs(row) == wanted) text += row + "\n";
  return text;
}

TEST(ExampleScripts, FareAsTheDocumentSays) {
  if (!fs::exists(examples)) GTEST_SKIP() << "systemtap-doc is not installed";
  const Outcome package = run({"dpkg-query", "-W", "-f", "${Version}", "systemtap-doc"});
  if (!package.output.starts_with(release))
    GTEST_SKIP() << "the document is about systemtap-doc " << release << ", not " << package.output;
  const std::string now = document(rows());
  if (std::getenv("SOCKTAP_UPDATE") != nullptr) {
    std::ofstream(SOCKTAP_EXAMPLES_DOCUMENT) << now;
    GTEST_SKIP() << "wrote " << SOCKTAP_EXAMPLES_DOCUMENT;
  }
  const std::vector<std::string> expected = lines_of(content_of(SOCKTAP_EXAMPLES_DOCUMENT));
  EXPECT_EQ(lines_of(now), expected) << "SOCKTAP_UPDATE=1 writes " << SOCKTAP_EXAMPLES_DOCUMENT;
  for (const std::string& line : expected)
    EXPECT_EQ(line.find("| ERROR"), std::string::npos) << "no diagnosis: " << line;
}

}  // namespace
}  // namespace socktap::test
