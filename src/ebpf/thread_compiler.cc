#include "ebpf/thread_compiler.h"

#include "ebpf/key_compiler.h"
#include "language/typed_children.h"

namespace socktap::ebpf {
namespace {

using language::Assign;
using language::AssignOp;
using language::Expr;
using enum Register;

constexpr Register memory = ExpressionCompiler::memory;
constexpr std::int32_t header_answer = offsetof(socktap_script_header, answer);

}  // namespace

void ThreadCompiler::find(ExpressionCompiler& expressions, std::uint32_t global,
                          const std::vector<language::ExprPtr>& key) {
  const std::uint32_t array = *script_.plan.tables.thread_array_of(global);
  keep_key(expressions, array, key);
  call(Helper::map_lookup_elem, array);
}

void ThreadCompiler::assign(ExpressionCompiler& expressions, const Expr& statement) {
  const language::Place& element = *language::assigned_place(statement);
  const std::uint32_t array = *script_.plan.tables.thread_array_of(element.index);
  const auto value = static_cast<std::int32_t>(script_.layout.thread_value);
  const auto* assign = std::get_if<Assign>(&statement.node);
  Operand change = std::int64_t{0};
  if (assign)
    change = expressions.value(*assign->value);
  else
    change = std::int64_t{std::get<language::Increment>(statement.node).delta};
  builder_.emit(Store{Size::u64, memory, value, change});
  keep_key(expressions, array, element.keys);
  if (!assign || assign->op != AssignOp::set) {
    const Label is_new = builder_.new_label();
    call(Helper::map_lookup_elem, array);
    builder_.emit(Move{r1, 0});
    builder_.emit(JumpIf{Condition::equal, r0, 0, is_new});
    builder_.emit(Load{Size::u64, r1, r0, 0});
    builder_.bind(is_new);
    const bool subtracts = assign && assign->op == AssignOp::subtract;
    builder_.emit(Load{Size::u64, r2, memory, value});
    builder_.emit(Alu{subtracts ? AluOperator::subtract : AluOperator::add, r1, r2});
    builder_.emit(Store{Size::u64, memory, value, r1});
  }
  set(array);
  note_kept();
}

void ThreadCompiler::remove(ExpressionCompiler& expressions, const language::Place& element) {
  const std::uint32_t array = *script_.plan.tables.thread_array_of(element.index);
  keep_key(expressions, array, element.keys);
  call(Helper::map_delete_elem, array);
  note_kept();
}

void ThreadCompiler::keep_key(ExpressionCompiler& expressions, std::uint32_t array,
                              const std::vector<language::ExprPtr>& key) {
  const plan::ThreadArray& declared = script_.plan.tables.thread_arrays[array];
  KeyCompiler keys(builder_, script_);
  std::uint32_t offset = script_.layout.thread_key;
  for (std::size_t column = 0; column < key.size(); ++column) {
    keys.keep(expressions, *key[column], declared.key[column], offset);
    offset += size_of(declared.key[column]);
  }
}

// With the map and the key, which are all that two of the helpers take.
void ThreadCompiler::call(Helper helper, std::uint32_t array) {
  builder_.note(
      script_.plan.program->globals[script_.plan.tables.thread_arrays[array].global].name);
  builder_.emit(LoadMap{r1, array});
  builder_.emit(Move{r2, memory});
  builder_.emit(Alu{AluOperator::add, r2, std::int64_t{script_.layout.thread_key}});
  builder_.emit(CallHelper{helper});
}

// To the value, which is in the memory. What it answers is 0, or an error if there is no room,
// which before Linux 6.4 has no sign: its upper half is 0.
void ThreadCompiler::set(std::uint32_t array) {
  const Label done = builder_.new_label();
  builder_.emit(Move{r3, memory});
  builder_.emit(Alu{AluOperator::add, r3, std::int64_t{script_.layout.thread_value}});
  builder_.emit(Move{r4, 0});
  call(Helper::map_update_elem, array);
  builder_.emit(JumpIf{Condition::equal, r0, 0, done});
  const auto refused =
      static_cast<std::int32_t>(script_.layout.thread_refused + array * sizeof(__u64));
  builder_.emit(Load{Size::u64, r1, memory, refused});
  builder_.emit(Alu{AluOperator::add, r1, 1});
  builder_.emit(Store{Size::u64, memory, refused, r1});
  builder_.bind(done);
}

void ThreadCompiler::note_kept() {
  builder_.emit(Store{Size::u64, memory, header_answer, SOCKTAP_SCRIPT_KEEPS});
}

}  // namespace socktap::ebpf
