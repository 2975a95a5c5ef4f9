// For tests: a text through lexer, preprocessor and parser, and what came of it as one string.
#pragma once

#include <string>
#include <vector>

#include "language/language.h"

namespace socktap::language {

// An invocation whose answers do not depend on the machine that runs the tests.
inline Invocation fixed_invocation(std::vector<std::string> arguments = {}) {
  Invocation invocation;
  invocation.arguments = std::move(arguments);
  invocation.kernel_release = "6.1.57-13-amd64";
  invocation.architecture = "x86_64";
  invocation.kernel_config = {
      {{"CONFIG_NET", "y"}, {"CONFIG_HZ", "250"}, {"CONFIG_PHYSICAL_START", "0x1000000"}}};
  return invocation;
}

// "NAME at LINE:COLUMN" of every diagnostic, one a line; warnings have "warning " before.
inline std::string dump(const Diagnostics& diagnostics, const SourceMap& sources) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const LineColumn place = sources.locate(diagnostic.span.source, diagnostic.span.begin);
    if (!out.empty()) out += '\n';
    if (diagnostic.severity == Severity::warning) out += "warning ";
    out += std::string(diagnostic.name.text()) + " at " + std::to_string(place.line) + ":" +
           std::to_string(place.column);
  }
  return out;
}

// The tree of a script, or its diagnostics.
inline std::string parsed(std::string text, std::vector<std::string> arguments = {}) {
  SourceMap sources;
  const auto source = sources.add("a.stp", std::move(text));
  const auto outcome = parse(sources, source, fixed_invocation(std::move(arguments)));
  return outcome.value ? ast::dump(*outcome.value) : dump(outcome.diagnostics, sources);
}

// The same of what stands in the braces of `probe begin { }`, without the probe's own line.
inline std::string parsed_body(const std::string& body, std::vector<std::string> arguments = {}) {
  std::string tree = parsed("probe begin {\n" + body + "\n}", std::move(arguments));
  const std::string head = "probe begin\n";
  if (tree.compare(0, head.size(), head) != 0) return tree;
  std::string out;
  for (std::size_t begin = head.size(); begin < tree.size();) {
    const std::size_t end = tree.find('\n', begin);
    out += tree.substr(begin + 2, end - begin - 1);
    begin = end + 1;
  }
  if (!out.empty()) out.pop_back();
  return out;
}

struct ParseCase {
  const char* text;
  const char* expected;
};

}  // namespace socktap::language
