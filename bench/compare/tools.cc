#include "compare/tools.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compare/process.h"
#include "compare/scratch.h"

namespace socktap::bench {
namespace {

namespace fs = std::filesystem;

struct Row {
  Tool tool;
  const char* name;
  const char* program;
  const char* package;  // that fetch_peers unpacks
  const char* asked;    // the argument that makes it print its version
};

constexpr Row rows[] = {
    {Tool::bpftrace, "bpftrace", "bpftrace", "bpftrace", "--version"},
    {Tool::perf, "perf", "perf", "linux-perf", "--version"},
    {Tool::strace, "strace", "strace", "strace", "--version"},
    {Tool::redis, "redis", "redis-server", "redis-server", "--version"},
    {Tool::redis_client, "redis-benchmark", "redis-benchmark", "redis-tools", "--version"},
    {Tool::nginx, "nginx", "nginx", "nginx-light", "-v"},
    {Tool::wrk, "wrk", "wrk", "wrk", "-v"},
};

// Of FOLDER/packages: a line "NAME VERSION" each.
std::string unpacked_version(const std::string& peers, const std::string& package) {
  std::ifstream in(peers + "/packages");
  std::string name, version;
  while (in >> name >> version)
    if (name == package) return version;
  return {};
}

Installed unpacked(const std::string& peers, const Row& row) {
  const std::string version = unpacked_version(peers, row.package);
  const fs::path root = fs::path(peers) / "root";
  for (const char* folder : {"usr/bin", "usr/sbin"}) {
    const fs::path program = root / folder / row.program;
    if (version.empty() || !fs::exists(program)) continue;
    const fs::path libraries = root / "usr/lib/x86_64-linux-gnu";
    return {{libraries / "ld-linux-x86-64.so.2", "--library-path", libraries, program},
            fmt::format("{} {} (unpacked)", row.name, version)};
  }
  return {};
}

std::string in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path != nullptr ? path : "/usr/bin") +
                             ":/usr/sbin:/usr/local/sbin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path file = fs::path(folder) / program;
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

// The first word of what it prints that begins with a digit, or with "v" and a digit.
std::string version_in(const std::string& text) {
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    const std::size_t slash = word.find('/');
    if (slash != std::string::npos) word.erase(0, slash + 1);
    if (word.starts_with("v=") || word.starts_with("v")) word.erase(0, word[1] == '=' ? 2 : 1);
    if (!word.empty() && word[0] >= '0' && word[0] <= '9') return word;
  }
  return {};
}

Result<void> try_out(const Installed& found, const Row& row, const Scratch& scratch) {
  const UniqueFd out = scratch.create("version");
  auto words = found.words;
  words.emplace_back(row.asked);
  auto process = Process::start(words, {-1, out.get(), out.get()});
  if (!process) return tl::unexpected(process.error());
  if (!process->wait(std::chrono::seconds(10))) return failure("it does not end");
  if (version_in(scratch.text("version")).empty()) return failure("it names no version");
  return {};
}

Installed found(const Row& row, const std::string& peers, const Scratch& scratch) {
  Installed private_one = unpacked(peers, row);
  if (!private_one.words.empty() && try_out(private_one, row, scratch)) return private_one;
  const std::string program = in_path(row.program);
  Installed one{{program}, {}};
  if (program.empty() || !try_out(one, row, scratch)) return {};
  one.version = fmt::format("{} {} (installed)", row.name, version_in(scratch.text("version")));
  return one;
}

}  // namespace

Tools Tools::find(const std::string& socktap, const std::string& peers) {
  const Scratch scratch;
  Tools tools;
  tools.installed_[static_cast<std::size_t>(Tool::socktap)] = {{socktap},
                                                               "socktap " SOCKTAP_VERSION};
  tools.installed_[static_cast<std::size_t>(Tool::floor)] = {
      {fs::read_symlink("/proc/self/exe"), "--floor"}, "two instructions"};
  for (const Row& row : rows)
    tools.installed_[static_cast<std::size_t>(row.tool)] = found(row, peers, scratch);
  return tools;
}

Result<std::vector<std::string>> Tools::command(Tool tool,
                                                const std::vector<std::string>& arguments) const {
  std::vector<std::string> words = of(tool).words;
  if (words.empty())
    return failure(name_of(tool) + " is not installed",
                   "bench/fetch_peers build/peers unpacks what others there are");
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

std::string name_of(Tool tool) {
  if (tool == Tool::socktap) return "socktap";
  if (tool == Tool::floor) return "floor";
  for (const Row& row : rows)
    if (row.tool == tool) return row.name;
  return {};
}

std::vector<std::string> with_command(const std::vector<std::string>& arguments,
                                      const std::vector<std::string>& command) {
  std::vector<std::string> words;
  for (const std::string& word : arguments) {
    if (word == "COMMAND...") {
      words.insert(words.end(), command.begin(), command.end());
    } else {
      words.push_back(word == "COMMAND" ? fmt::format("{}", fmt::join(command, " ")) : word);
    }
  }
  return words;
}

}  // namespace socktap::bench
