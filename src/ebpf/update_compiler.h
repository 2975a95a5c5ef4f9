// Compiles updates of what is kept of globals in the script's memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ebpf/expression_compiler.h"
#include "ebpf/program.h"
#include "ebpf/script_memory.h"
#include "plan/plan.h"

namespace socktap::ebpf {

class UpdateCompiler {
 public:
  // At this register is the copy of the tables that is written to just now.
  static constexpr Register copy = Register::r8;

  // All must outlive it. `secret`: a random number that the keys' hashes depend on.
  UpdateCompiler(Builder& builder, const plan::Plan& plan, const MemoryLayout& layout,
                 std::uint64_t secret)
      : builder_(builder), plan_(plan), layout_(layout), secret_(secret) {}

  // Statements of the plan's updates that come one after another. Uses r0 to r5 and r7.
  void update(ExpressionCompiler& expressions, std::span<const language::Expr* const> statements);

 private:
  struct Of;

  void update_entry(ExpressionCompiler& expressions,
                    const std::vector<const plan::Update*>& updates);
  void keep(ExpressionCompiler& expressions, const language::Expr& expression,
            const plan::Kept& kept, std::uint32_t offset);
  void keep_field_text(FieldLayout field, std::uint32_t offset);
  void cut_at_zero(Register word, Label has_none);
  void hash_key(const TableLayout& table, Register hash);
  void find_entry(const plan::Table& table, const TableLayout& layout, Label refused);
  void compare_key(const TableLayout& table, Label differs);
  void take_entry(const plan::Table& table, const TableLayout& layout, Label refused);
  void go_to_entry(const TableLayout& table, Register number);
  void apply(const plan::Update& update, std::uint32_t value);
  void add_to_sum(std::int32_t cell, std::uint32_t value);
  void add_to_statistic(const language::Histogram& histogram, std::int32_t cell,
                        std::uint32_t value);
  void add_to_bucket(const language::Histogram& histogram, std::int32_t buckets);
  void log_bucket();
  void linear_bucket(const language::Histogram& histogram);
  void set_last(const plan::Kept& kept, std::int32_t cell, std::uint32_t value);
  void note_first(std::int32_t cell);
  void load_time();
  void number(Register to, std::int64_t value);
  void add(Register to, std::uint64_t value);

  Builder& builder_;
  const plan::Plan& plan_;
  const MemoryLayout& layout_;
  const std::uint64_t secret_;
};

}  // namespace socktap::ebpf
