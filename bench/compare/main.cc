// Measures what tracing costs, ours and others', in one run: `make bench`, or
//
//   compare [--quick] [--only SECTION]... [--json FILE] [--markdown FILE]
//
// Traces and ends only processes that it started itself, and stops by itself. No figure makes it
// fail: only that socktap could not be measured at all.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <random>

#include "compare/floor.h"
#include "compare/machine.h"
#include "compare/report.h"
#include "compare/sections.h"

namespace socktap::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::vector<std::string> only;
  bool quick = false;
  bool floor = false;
  unsigned rounds = 0;  // 0: each section's own number
  std::uint64_t seed = 0;
  std::string socktap = SOCKTAP_BINARY;
  std::string load = SOCKTAP_LOAD;
  std::string peers = "build/peers";
  std::string json;
  std::string markdown;
};

void say(const std::string& text) { fmt::print(stderr, "{}\n", text); }

bool wants(const Options& options, std::string_view section) {
  return options.only.empty() || std::ranges::find(options.only, section) != options.only.end();
}

std::vector<std::string> section_names() {
  std::vector<std::string> names{"commands", "start"};
  for (const Section& section : sections()) names.emplace_back(section.name);
  return names;
}

// How many, and says so.
unsigned rounds_of(std::string_view section, unsigned usual, unsigned quick,
                   const Options& options) {
  const unsigned rounds = options.rounds > 0 ? options.rounds : options.quick ? quick : usual;
  say(fmt::format("{}: {} rounds", section, rounds));
  return rounds;
}

SectionResults run_section(const Section& section, const Options& options, const Setup& setup) {
  const unsigned rounds = rounds_of(section.name, section.rounds, section.quick_rounds, options);
  return {std::string(section.name), std::string(section.title), std::string(section.grouped_by),
          run_rounds(section.cases(setup), setup.tools, rounds, options.seed, say)};
}

Results run_all(const Options& options, const Setup& setup) {
  const auto start = Clock::now();
  Results results;
  results.machine = describe_machine(setup.tools);
  results.seed = options.seed;
  results.quick = options.quick;
  for (const Section& section : sections())
    if (wants(options, section.name))
      results.sections.push_back(run_section(section, options, setup));
  if (wants(options, "commands")) {
    const unsigned rounds = rounds_of("commands", 7, 1, options);
    results.commands = measure_commands(setup.tools, setup.load, options.quick ? 20'000 : 50'000,
                                        rounds, options.seed, say);
  }
  if (wants(options, "start")) {
    const unsigned rounds = rounds_of("start", 11, 3, options);
    results.starts = measure_starts(setup.tools, setup.load, rounds);
  }
  results.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return results;
}

// Why one of ours has no figure; empty where all have.
std::string failure_of_ours(const Results& results) {
  for (const SectionResults& section : results.sections)
    for (const Measured& one : section.measured)
      if (one.subject.starts_with("socktap ") && !one.is_measured() &&
          !one.refusal.ends_with("is not installed"))
        return one.refusal;
  for (const CommandCost& one : results.commands)
    if (one.subject.starts_with("socktap ") && !one.is_measured()) return one.refusal;
  for (const Started& one : results.starts)
    if (one.subject.starts_with("socktap,") && !one.is_measured()) return one.refusal;
  return {};
}

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) say("ERROR: cannot write " + path);
  return static_cast<bool>(out);
}

bool fill_file(const std::string& path, const Results& results) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    say("ERROR: cannot read " + path + "\nhint: its places are filled, it is not made");
    return false;
  }
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  return write_file(path, fill_page(page, results));
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("--only", options.only, "these sections")->check(CLI::IsMember(section_names()));
  app.add_flag("--quick", options.quick, "fewer and shorter rounds, about a minute");
  app.add_option("--rounds", options.rounds, "so many of each section");
  app.add_option("--seed", options.seed, "of the order of rounds; printed with the results");
  app.add_option("--socktap", options.socktap, "measure this program");
  app.add_option("--load", options.load, "make messages by this program");
  app.add_option("--peers", options.peers, "the folder that bench/fetch_peers filled");
  app.add_option("--json", options.json, "write the results there, too");
  app.add_option("--markdown", options.markdown, "fill the places of this page, too");
  app.add_flag("--floor", options.floor, "be the tracer that does nothing")->group("");
}

int report(const Options& options, const Results& results) {
  fmt::print("{}\n", circumstances(results));
  for (const Table& table : tables_of(results)) fmt::print("\n{}", as_text(table));
  bool written = options.json.empty() || write_file(options.json, as_json(results));
  if (!options.markdown.empty()) written = fill_file(options.markdown, results) && written;
  if (const std::string why = failure_of_ours(results); !why.empty()) {
    say("ERROR: " + why + "\nhint: socktap doctor says what can be observed here");
    return 1;
  }
  return written ? 0 : 1;
}

int run(Options options) {
  if (geteuid() != 0) {
    say("ERROR: tracing needs root\nhint: sudo make bench");
    return 1;
  }
  if (auto provided = provide_tracefs(); !provided)
    say("WARNING: " + provided.error().message + ": " + provided.error().hint);
  if (options.seed == 0) options.seed = std::random_device{}();
  const Setup setup{Tools::find(options.socktap, options.peers), options.load, options.quick};
  return report(options, run_all(options, setup));
}

}  // namespace
}  // namespace socktap::bench

int main(int argc, char** argv) try {
  socktap::bench::Options options;
  CLI::App app{"Measures what tracing costs, by socktap and by others"};
  socktap::bench::add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  return options.floor ? socktap::bench::run_floor() : socktap::bench::run(std::move(options));
} catch (const std::exception& error) {
  std::fprintf(stderr, "ERROR: %s\n", error.what());
  return 1;
}
