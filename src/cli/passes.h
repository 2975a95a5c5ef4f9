// What a script is after each phase, and in words what is done where, for `socktap explain` and
// `stap -p`.
#pragma once

#include <string_view>

#include "cli/output.h"
#include "cli/script.h"

namespace socktap::cli {

enum class Phase { tokens, ast, types, plan, code, bpf, words };

// Prints it, or what is wrong with the script; returns the exit status.
int print_phase(Script& script, const ScriptOptions& options, Phase phase, bool quiet);

// The words as records.
int print_explanation(Script& script, const ScriptOptions& options, Format format);

// -p NUM, up to 4: the passes up to that one, of which it prints the last. A script in error is
// status 1, one that cannot be read 2.
int run_passes(const ScriptOptions& options, int last_pass, bool quiet);

}  // namespace socktap::cli
