// @entry(e) in the handler of a return: what e was when the operation began. The points where it
// begins get a handler that keeps e by thread, in an array of its own; a return whose beginning was
// not seen runs no handler that asks, as where SystemTap finds none.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "language/ast.h"
#include "language/semantics/probe_expansion.h"
#include "language/semantics/symbols.h"

namespace socktap::language::semantics {

class EntryValues {
 public:
  // Adds to `drafts` what those among them take that ask. They point into this object.
  EntryValues(std::vector<HandlerDraft>& drafts, Reporter& reporter);
  EntryValues(const EntryValues&) = delete;
  EntryValues& operator=(const EntryValues&) = delete;

  // The arrays, and what stands for each @entry.
  void declare(Symbols& symbols, TypeTable& types) const;

 private:
  void look_at(const HandlerDraft& draft, const ast::Stmt& body);
  void look_at(const HandlerDraft& draft, const ast::Expr& expression);
  void keep(const HandlerDraft& draft, const ast::AtOperator& op, Span span);

  const ast::Probe* probe_of(auto statement, Span span);
  const std::string& array_of(const ast::AtOperator& op, Span span);

  struct Kept {
    const ast::AtOperator* op;
    const std::string* array;
    ast::ExprPtr element;    // @entry:1[tid()]
    ast::ExprPtr condition;  // [tid()] in @entry:1
  };
  Reporter& reporter_;
  std::deque<ast::Global> arrays_;
  std::deque<ast::Probe> probes_;
  std::deque<Kept> kept_;
  std::vector<const ast::AtOperator*> wrong_;  // reported
  std::vector<HandlerDraft> endings_;     // of all: after everybody else the values are dropped
  std::vector<HandlerDraft> beginnings_;  // of the draft that is looked at
  std::vector<const ast::Expr*> more_conditions_;  // for it
};

}  // namespace socktap::language::semantics
