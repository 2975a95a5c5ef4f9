// Compiles what has to do with the elements that each thread has of its own: they are in a hash map
// for each such array, map i being that of the plan's thread array i.
#pragma once

#include <cstdint>
#include <vector>

#include "ebpf/expression_compiler.h"
#include "ebpf/program.h"
#include "ebpf/script_memory.h"

namespace socktap::ebpf {

class ThreadCompiler {
 public:
  // Both must outlive it.
  ThreadCompiler(Builder& builder, const ScriptContext& script)
      : builder_(builder), script_(script) {}

  // Leaves the address of the element's number in r0; 0: there is none. All of them use r0 to r5
  // and r7.
  void find(ExpressionCompiler& expressions, std::uint32_t global,
            const std::vector<language::ExprPtr>& key);

  // An Assign or Increment.
  void assign(ExpressionCompiler& expressions, const language::Expr& statement);
  void remove(ExpressionCompiler& expressions, const language::Place& element);

 private:
  void keep_key(ExpressionCompiler& expressions, std::uint32_t array,
                const std::vector<language::ExprPtr>& key);
  void call(Helper helper, std::uint32_t array);
  void set(std::uint32_t array);
  void note_kept();

  Builder& builder_;
  const ScriptContext& script_;
};

}  // namespace socktap::ebpf
