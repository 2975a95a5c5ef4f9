// Every option of stap(1) 4.8: the parser, the notes of -v, `stap --help` and what `socktap run`
// accepts beside its own options derive from these rows.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/stap_options.h"

namespace socktap::cli {

struct StapOption {
  enum class Argument { none, required, optional };
  enum class Effect {
    used,      // `text` says what it does
    nothing,   // `text` says why nothing; -v does too
    stap_only  // used, but under the name stap alone
  };
  // Takes the argument ("" if there is none); fails on one that SystemTap would not take.
  using Take = Result<void> (*)(StapOptions& options, const std::string& argument);

  char letter;       // 0: it has a name only
  const char* name;  // "" if it has a letter only
  Argument argument;
  std::string_view value;  // what --help calls the argument
  Effect effect;
  std::string_view text;
  Take take;  // null: any argument will do

  std::string spelling() const;  // "-k", "--vp"
};

std::span<const StapOption> stap_options();

// Lets the row take its argument, and notes what -v says of one that does nothing.
Result<void> take(const StapOption& row, StapOptions& options, const std::string& argument);

}  // namespace socktap::cli
