// Holds the #include lines of src/ to the direction in which data flows: a folder includes only
// the folders listed for it, and nothing points back.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

using Folders = std::set<std::string>;

const std::map<std::string, Folders>& allowed() {
  static const std::map<std::string, Folders> table = {
      {"base", {}},
      {"tapset", {"base"}},
      {"event", {"base", "tapset"}},
      {"recording", {"base", "tapset", "event"}},
      {"language", {"base", "tapset", "event"}},
      {"plan", {"base", "tapset", "event", "language"}},
      {"vm", {"base", "tapset", "event", "language", "plan"}},
      {"ebpf", {"base", "tapset", "event", "language", "plan"}},
      {"sources", {"base", "tapset", "event", "recording", "language", "plan"}},
      {"sources/ebpf", {"base", "tapset", "event", "language", "plan", "ebpf", "sources"}},
      {"sinks", {"base", "event", "recording"}},
      {"session",
       {"base", "tapset", "event", "language", "plan", "vm", "sources", "sources/ebpf", "sinks"}},
      {"api",
       {"base", "tapset", "event", "language", "plan", "vm", "sources", "sinks", "session"}},
      {"tui", {"base", "event", "session", "sinks"}},
      {"cli",
       {"base", "tapset", "event", "recording", "language", "plan", "vm", "ebpf", "sources",
        "sources/ebpf", "sinks", "session", "tui"}},
      {"manual",
       {"base", "tapset", "event", "language", "plan", "vm", "ebpf", "sources", "sources/ebpf",
        "sinks", "session", "cli"}},
  };
  return table;
}

std::string folder_of(const std::string& path) {
  if (path.starts_with("sources/ebpf/")) return "sources/ebpf";
  return path.substr(0, path.find('/'));
}

TEST(IncludeDirection, NothingPointsBack) {
  const std::filesystem::path root = SOCKTAP_SOURCE_DIR "/src";
  const std::regex include(R"re(^\s*#include "([^"]+)")re");
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc" && extension != ".c" && extension != ".def")
      continue;
    const std::string path = std::filesystem::relative(entry.path(), root);
    const bool is_test = path.find("_test.") != std::string::npos;
    const std::string folder = folder_of(path);
    ASSERT_TRUE(allowed().contains(folder)) << "no rule for src/" << folder;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string target = match[1];
      const std::string of_target = folder_of(target);
      if (!std::filesystem::exists(root / target) || of_target == folder || is_test) continue;
      ++seen;
      EXPECT_TRUE(allowed().at(folder).contains(of_target))
          << path << " includes " << target << ": " << folder << " must not know " << of_target;
    }
  }
  EXPECT_GT(seen, 50u) << "the test read too few include lines to mean anything";
}

TEST(IncludeDirection, PublicHeadersIncludeOnlyPublicHeaders) {
  std::size_t headers = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(SOCKTAP_SOURCE_DIR "/include")) {
    if (!entry.is_regular_file()) continue;
    ++headers;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (!line.starts_with("#include \"")) continue;
      EXPECT_TRUE(line.starts_with("#include \"socktap/")) << entry.path() << ": " << line;
    }
  }
  EXPECT_GT(headers, 0u);
}

}  // namespace
