#include "cli/source_choice.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/diagnostic.h"
#include "cli/arguments.h"
#include "sources/ebpf/strategy.h"

namespace socktap::cli {
namespace {

constexpr std::string_view backends[] = {"auto",    "tracepoint", "fentry", "kprobe",
                                         "syscall", "ebpf",       "ptrace"};

std::string hint_for(const std::string& name, const std::vector<std::string_view>& known) {
  const auto near = nearest(name, known);
  return near ? fmt::format("did you mean {}?", *near)
              : fmt::format("there are {}", fmt::join(known, ", "));
}

}  // namespace

void add_source_options(CLI::App& app, SourceChoice& choice) {
  app.add_option(
         "--backend", choice.backend,
         "observe by eBPF programs of this kind only, by the best of them (ebpf), or by ptrace "
         "(auto: ebpf, or ptrace where that is refused)")
      ->type_name(one_of(backends));
  app.add_option("--disable-strategy", choice.disabled_strategies,
                 "do not use this strategy (socktap doctor names them)")
      ->type_name("STRATEGY")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--btf", choice.types_file,
                 "where the kernel has no types (BTF) of its own: those of this release")
      ->type_name("FILE");
}

Result<sources::EbpfOptions> source_options(const SourceChoice& choice) {
  sources::EbpfOptions options;
  if (std::ranges::find(backends, choice.backend) == std::end(backends))
    return failure("--backend " + choice.backend + ": there is no such backend",
                   hint_for(choice.backend, {std::begin(backends), std::end(backends)}));
  options.backend = sources::ebpf::find_backend(choice.backend);
  std::vector<std::string_view> known;
  for (const auto& strategy : sources::ebpf::strategies()) known.push_back(strategy.name);
  for (const std::string& name : choice.disabled_strategies)
    if (std::ranges::find(known, name) == known.end())
      return failure("--disable-strategy " + name + ": there is no such strategy",
                     hint_for(name, known));
  if (choice.backend == "ptrace" &&
      !(choice.disabled_strategies.empty() && choice.types_file.empty()))
    return failure(choice.disabled_strategies.empty()
                       ? "--btf means nothing to --backend ptrace"
                       : "--disable-strategy means nothing to --backend ptrace",
                   "strategies and types are eBPF's");
  options.disabled_strategies = choice.disabled_strategies;
  options.types_file = choice.types_file;
  return options;
}

}  // namespace socktap::cli
