// Compiles a handler that runs where events arise, whole, at one of its points.
#pragma once

#include "ebpf/expression_compiler.h"
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
        locals_(script.layout.locals) {}

  void compile(const language::Handler& handler);

 private:
  void statement(const language::Stmt& statement);
  void block(const language::Block& block);
  void branch(const language::If& node);
  void evaluate(const language::Expr& expression);
  void set_local(const language::Expr& statement);

  Builder& builder_;
  UpdateCompiler& updates_;
  ExpressionCompiler expressions_;
  const std::uint32_t locals_;
  Label end_;
};

}  // namespace socktap::ebpf
