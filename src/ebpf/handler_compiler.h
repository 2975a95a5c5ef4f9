// Compiles a handler that runs where events arise, whole, at one of its points.
#pragma once

#include "ebpf/expression_compiler.h"
#include "ebpf/thread_compiler.h"
#include "ebpf/update_compiler.h"
#include "language/typed_program.h"

namespace socktap::ebpf {

class HandlerCompiler {
 public:
  // All must outlive it.
  HandlerCompiler(Builder& builder, UpdateCompiler& updates, const tapset::ProbePoint& point,
                  const ScriptContext& script)
      : builder_(builder),
        updates_(updates),
        expressions_(builder, point, script),
        threads_(builder, script),
        script_(script) {}

  void compile(const language::Handler& handler);

 private:
  void statement(const language::Stmt& statement);
  void block(const language::Block& block);
  void branch(const language::If& node);
  void evaluate(const language::Expr& expression);
  void set_local(const language::Expr& statement);
  const language::Expr* update_in(const language::Stmt& statement) const;
  bool is_of_threads(const language::Place& target) const;

  Builder& builder_;
  UpdateCompiler& updates_;
  ExpressionCompiler expressions_;
  ThreadCompiler threads_;
  const ScriptContext& script_;
  Label end_;
};

}  // namespace socktap::ebpf
