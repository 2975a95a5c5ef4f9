// Macro expansion and conditional compilation over the tokens of one script.
//
// Everything is a range of the one token vector: bodies of macros, their arguments, branches of
// conditionals. Where each %( closes is found once, up front. Arguments are expanded where the
// macro is used, before they take their places in its body, which is not looked at again.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "language/language.h"

namespace socktap::language {

class Expander {
 public:
  Expander(std::vector<Token> tokens, SourceMap& sources, const Invocation& invocation,
           Diagnostics& diagnostics);

  std::vector<Token> run();

 private:
  // [begin, end) of tokens_.
  struct Range {
    std::size_t begin = 0, end = 0;
  };

  // The marks of the %( at one place; 0 where there is none.
  struct Marks {
    std::size_t then = 0, otherwise = 0, close = 0;
  };

  struct Macro {
    Span span;  // of the name
    std::vector<std::string_view> parameters;
    Range body;
  };

  // An argument of a macro in use, expanded.
  struct Argument {
    std::vector<Token> tokens;
    std::size_t cost = 0;  // of each use, of the budget
  };

  // One macro being expanded.
  struct Frame {
    const Macro* macro;
    Span call;
    std::map<std::string_view, Argument> arguments;
    const Frame* outer;
    int depth;
  };

  bool find_marks();
  const Marks& marks(std::size_t at) const { return marks_.at(at); }
  void expand(Range range, const Frame* frame, std::vector<Token>& out);
  std::size_t define(std::size_t at, const Frame* frame);
  std::size_t parameters(std::size_t at, Macro& macro);
  bool is_of_tapset(Span definition) const;
  std::size_t skip_definition(std::size_t at) const;
  std::size_t conditional(std::size_t at, const Frame* frame, std::vector<Token>& out);
  std::vector<Token> condition_tokens(Range range, const Frame* frame);
  std::size_t at_word(std::size_t at, Range range, const Frame* frame, std::vector<Token>& out);
  std::size_t invoke(std::size_t at, Range range, const Macro& macro, const Frame* frame,
                     std::vector<Token>& out);
  std::size_t arguments(std::size_t at, Range range, const Macro& macro, Frame& frame);
  std::vector<Range> argument_ranges(std::size_t open, std::size_t end, std::size_t& close) const;
  bool can_invoke(const Frame& frame);
  void rename(std::size_t first, const Token& call, std::vector<Token>& out);
  void unknown_macro(const Token& token, const Frame* frame);
  static std::size_t cost_of(const Token& token);
  bool spend(std::size_t amount, Span span);
  Diagnostic& add(Diagnostic diagnostic);
  void fault(DiagnosticName name, Span span, std::string message, std::string hint,
             const Frame* frame);

  static std::string_view macro_name(std::string_view at_word) { return at_word.substr(1); }
  TokenKind kind(std::size_t at) const {
    return at < tokens_.size() ? tokens_[at].kind : TokenKind::end_of_script;
  }
  std::string_view text(std::size_t at) const { return sources_.text(tokens_[at].span); }

  std::vector<Token> tokens_;
  SourceMap& sources_;
  const Invocation& invocation_;
  Diagnostics& diagnostics_;
  std::map<std::size_t, Marks> marks_;
  std::map<std::string_view, Macro> macros_;
  std::set<std::string_view> broken_;    // macros whose definition is reported, their uses are not
  std::set<std::string_view> reported_;  // unknown macros and missing arguments, said once each
  std::size_t faults_ = 0;               // counts those not said again, too
  std::size_t spent_ = 0;
  int nesting_ = 0;  // of macros' arguments and conditionals in each other
  bool exhausted_ = false;
};

}  // namespace socktap::language
