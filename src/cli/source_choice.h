// The options that choose how a run observes: --backend, --disable-strategy and --btf.
#pragma once

#include <CLI/CLI.hpp>

#include "session/source_choice.h"

namespace socktap::cli {

using session::SourceChoice;

void add_source_options(CLI::App& app, SourceChoice& choice);

}  // namespace socktap::cli
