// The language's front: text in, TypedProgram out. Each phase is one function that returns what it
// made together with what it has to say about the script.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source_map.h"
#include "language/ast.h"
#include "language/token.h"
#include "language/typed_program.h"

namespace socktap::language {

// What the command line brings into a script before it is parsed.
struct Invocation {
  std::vector<std::string> arguments;          // $1 @1 ... $# @#
  std::string systemtap_version = "4.8";       // systemtap_v in %( %)
  std::string kernel_release;                  // uname -r: kernel_v, kernel_vr in %( %)
  std::string architecture;                    // uname -m: arch
  std::map<std::string, std::string> globals;  // -G NAME=VALUE

  // -I: texts of the SourceMap whose declarations, and texts whose macros, a script may use. Its
  // own and the built-in ones come first.
  std::vector<std::uint32_t> tapset_sources;
  std::vector<std::uint32_t> macro_sources;

  // CONFIG_X in %( %), strings with their quotes; what is unset is absent. None: the kernel does
  // not tell, and a script that asks is warned.
  std::optional<std::map<std::string, std::string>> kernel_config;
  // What is wrong with a regular expression, if anything: the front does not know the engine. Not
  // set: all are taken.
  std::function<std::optional<std::string>(const std::string&)> pattern_error;
  bool guru = false;    // -g: guru_mode in %( %)
  bool strict = false;  // warnings about missing variables become errors
};

// Lexer, preprocessor and parser give up after so many errors: the text is no script then, and
// more of them help nobody.
inline constexpr std::size_t max_errors = 20;

template <typename T>
struct Outcome {
  std::optional<T> value;  // present exactly when `diagnostics` has no errors
  Diagnostics diagnostics;
};

// Splits a text into tokens; after `preprocess` macros, conditionals and arguments are gone too.
// Expanded macros' texts are added to `sources`, hence not const.
Outcome<std::vector<Token>> lex(const SourceMap& sources, std::uint32_t source);
Outcome<std::vector<Token>> preprocess(std::vector<Token> tokens, SourceMap& sources,
                                       const Invocation& invocation);
Outcome<ast::Script> parse(const std::vector<Token>& tokens, const SourceMap& sources);

// lex, preprocess and parse.
Outcome<ast::Script> parse(SourceMap& sources, std::uint32_t source, const Invocation& invocation);

// Parts of a probe that somebody else makes: a text that is probe points or an expression, and
// nothing more.
Outcome<std::vector<ast::Point>> parse_points(SourceMap& sources, std::uint32_t source,
                                              const Invocation& invocation);
Outcome<ast::ExprPtr> parse_expression(SourceMap& sources, std::uint32_t source,
                                       const Invocation& invocation);

// All texts of one script as one tree, with those of the tapset that declare something that it
// mentions, and those that these need in turn. A text of the tapset in error is left out, with a
// warning.
Outcome<ast::Script> parse_whole(SourceMap& sources, const std::vector<std::uint32_t>& texts,
                                 Invocation invocation);

// Expands aliases, resolves probe points, infers types.
Outcome<TypedProgram> check(const ast::Script& script, const Invocation& invocation);

// parse_whole and check.
Outcome<TypedProgram> compile(SourceMap& sources, const std::vector<std::uint32_t>& texts,
                              const Invocation& invocation);

}  // namespace socktap::language
