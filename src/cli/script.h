// From what the command line names to a program that can run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/message.h"
#include "language/language.h"
#include "session/script.h"

namespace socktap::cli {

// How a script was named: -e TEXT, or a file ("-" is standard input), with its arguments.
struct ScriptOptions {
  std::optional<std::string> text;
  std::vector<std::string> words;             // the file, unless -e; then $1 ...
  std::vector<std::string> additional_texts;  // -E
  std::vector<std::string> globals;           // -G NAME=VALUE
  std::vector<std::string> tapset_folders;    // -I
  std::string systemtap_version;              // --compatible; empty: that of the language
  bool guru = false;                          // -g
  bool strict = false;
  bool warnings_are_errors = false;      // -W
  bool suppress_handler_errors = false;  // a run-time error ends its handler, and no more
  bool hide_globals = false;             // those never read are not printed at the end
  Color color = Color::automatic;        // of what the compiler says
};

using session::Script;

// Reads the text, then those of -E. Fails with a hint when there is none to read.
Result<std::unique_ptr<Script>> read_script(const ScriptOptions& options);

// The trees of all its texts as one.
language::Outcome<language::ast::Script> parse_script(Script& script);

// Parses and checks it, and prints what there is to say; nullopt if it is in error. Warnings are
// left out with `quiet`.
std::optional<language::TypedProgram> compile_script(Script& script, const ScriptOptions& options,
                                                     bool quiet);

}  // namespace socktap::cli
