// Compiles updates of what is kept of globals in the script's memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ebpf/expression_compiler.h"
#include "ebpf/key_compiler.h"
#include "ebpf/program.h"
#include "ebpf/script_memory.h"

namespace socktap::ebpf {

class UpdateCompiler {
 public:
  // At this register is the copy of the tables that is written to just now.
  static constexpr Register copy = Register::r8;

  // Both must outlive it.
  UpdateCompiler(Builder& builder, const ScriptContext& script)
      : builder_(builder), script_(script), keys_(builder, script) {}

  // Statements of the plan's updates that come one after another. Uses r0 to r5 and r7.
  void update(ExpressionCompiler& expressions, std::span<const language::Expr* const> statements);

 private:
  void update_entry(ExpressionCompiler& expressions,
                    const std::vector<const plan::Update*>& updates);
  void find_entry(const plan::Table& table, const TableLayout& layout, Label refused);
  void take_entry(const plan::Table& table, const TableLayout& layout, Label full);
  void apply(const plan::Update& update, std::uint32_t value);
  void add_to_sum(std::int32_t cell, std::uint32_t value);
  void add_to_statistic(const language::Histogram& histogram, std::int32_t cell,
                        std::uint32_t value);
  void add_to_bucket(const language::Histogram& histogram, std::int32_t buckets);
  void log_bucket();
  void linear_bucket(const language::Histogram& histogram);
  void set_last(const plan::Kept& kept, std::int32_t cell, std::uint32_t value);
  void note_first(std::int32_t cell);

  Builder& builder_;
  const ScriptContext& script_;
  KeyCompiler keys_;
};

}  // namespace socktap::ebpf
