// The options that choose how a run observes: --backend, --disable-strategy and --btf.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/ebpf/ebpf_source.h"

namespace socktap::cli {

struct SourceChoice {
  std::string backend = "auto";
  std::vector<std::string> disabled_strategies;
  std::string types_file;
};

void add_source_options(CLI::App& app, SourceChoice& choice);

// Fails on the first name that nothing has, with the nearest that there is, or all.
Result<sources::EbpfOptions> source_options(const SourceChoice& choice);

}  // namespace socktap::cli
