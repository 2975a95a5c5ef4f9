// From what the command line names to a program that can run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/source_map.h"
#include "language/language.h"

namespace socktap::cli {

// How a script was named: -e TEXT, or a file ("-" is standard input), with its arguments.
struct ScriptOptions {
  std::optional<std::string> text;
  std::vector<std::string> words;    // the file, unless -e; then $1 ...
  std::vector<std::string> globals;  // -G NAME=VALUE
  bool strict = false;
};

struct Script {
  SourceMap sources;
  std::uint32_t source = 0;
  language::Invocation invocation;
};

// Reads the text. Fails with a hint when there is none to read.
Result<std::unique_ptr<Script>> read_script(const ScriptOptions& options);

// Parses and checks it, and prints what there is to say; nullopt if it is in error. Warnings are
// left out with `quiet`.
std::optional<language::TypedProgram> compile_script(Script& script, bool quiet);

}  // namespace socktap::cli
