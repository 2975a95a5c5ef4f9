// Compiles how keys and values are kept in the script's memory, and how an entry is found by its
// key.
#pragma once

#include <cstdint>

#include "ebpf/expression_compiler.h"
#include "ebpf/program.h"
#include "ebpf/script_memory.h"
#include "plan/tables.h"

namespace socktap::ebpf {

class KeyCompiler {
 public:
  static constexpr Register entry = Register::r7;
  static constexpr Register slot = Register::r0;

  // Both must outlive it.
  KeyCompiler(Builder& builder, const ScriptContext& script) : builder_(builder), script_(script) {}

  // Stores the value at that offset of the memory, as it is kept. Uses r0 to r5 and r7.
  void keep(ExpressionCompiler& expressions, const language::Expr& expression,
            const plan::Kept& kept, std::uint32_t offset);

  struct Outcome {
    Label found;    // `entry` is the entry's address
    Label absent;   // `slot` is the address of the index's slot for it
    Label no_room;  // it is not there, nor is a slot near
  };
  // Looks for the key that is at that offset of the memory in a table at `base`; goes on by one of
  // these. Uses r0 to r5 and r7.
  void search(const TableLayout& table, std::uint32_t capacity, Register base, std::uint32_t key,
              const Outcome& outcome);

  // To `entry` the address of the entry of that number.
  void go_to_entry(const TableLayout& table, Register base, Register number);

 private:
  void keep_field_text(FieldLayout field, std::uint32_t offset);
  void cut_at_zero(Register word, Label has_none);
  void hash(const TableLayout& table, std::uint32_t key, Register slot_number);

  Builder& builder_;
  const ScriptContext& script_;
};

}  // namespace socktap::ebpf
