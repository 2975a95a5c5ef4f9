// Statements, and the routines they make up.
#include <variant>

#include "vm/routine_compiler.h"

namespace socktap::vm {
namespace {

// Whose first word stands for it in errors: a block of one statement is that statement.
Span word_of(const language::Stmt& stmt) {
  const auto* block = std::get_if<language::Block>(&stmt.node);
  if (block != nullptr && block->statements.size() == 1) return word_of(*block->statements[0]);
  return stmt.span;
}

}  // namespace

void RoutineCompiler::handler(const language::Handler& handler) {
  handler_ = &handler;
  Label end;
  if (handler.condition) branch(*handler.condition, end, false);
  execute_body(handler.body);
  charge_at_end(handler.body, handler.span);
  builder_.bind(end);
  end_routine();
}

void RoutineCompiler::function(const language::Function& function) {
  function_ = &function;
  for (std::uint32_t i = 0; i < function.parameter_count; ++i) {
    builder_.routine().parameters.push_back(builder_.local(i));
  }
  if (function.overload) {
    // The next overload gets the arguments as they came, whatever this one makes of them.
    for (std::uint32_t i = 0; i < function.parameter_count; ++i) {
      original_arguments_.push_back(builder_.temporary(function.locals[i].type));
      builder_.move(original_arguments_.back(), builder_.local(i));
    }
  }
  execute_body(function.body);
  charge_at_end(function.body, function.span);
  end_routine();
}

// Where control falls off the end: a function's result is then 0 or "".
void RoutineCompiler::end_routine() {
  if (handler_ != nullptr) return builder_.emit(Opcode::finish);
  if (function_->result == Type::none) return builder_.emit(Opcode::return_nothing);
  const Operand value = builder_.temporary(function_->result);
  if (function_->result == Type::string) {
    builder_.load_text(value.index, {});
    builder_.emit(Opcode::return_text, value.index);
  } else {
    builder_.load_number(value.index, 0);
    builder_.emit(Opcode::return_number, value.index);
  }
}

void RoutineCompiler::execute(const Stmt& stmt) {
  std::visit([&](const auto& node) { statement(stmt, node); }, stmt.node);
}

void RoutineCompiler::execute_body(const language::StmtPtr& stmt) {
  if (stmt) execute(*stmt);
}

void RoutineCompiler::statement(const Stmt&, const language::Block& node) {
  for (const auto& stmt : node.statements) execute(*stmt);
}

void RoutineCompiler::charge_at_end(const language::StmtPtr& body, Span otherwise) {
  builder_.charge_actions(body ? word_of(*body) : otherwise);
}

void RoutineCompiler::charge_now(const Stmt& stmt) {
  builder_.count_action(stmt.span);
  builder_.charge_actions(stmt.span);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::Evaluate& node) {
  discard(*node.expression);
  builder_.count_action(stmt.span);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::If& node) {
  charge_now(stmt);
  Label otherwise, end;
  branch(*node.condition, otherwise, false);
  execute_body(node.then);
  charge_at_end(node.then, stmt.span);
  if (node.otherwise) builder_.jump(end);
  builder_.bind(otherwise);
  execute_body(node.otherwise);
  charge_at_end(node.otherwise, stmt.span);
  builder_.bind(end);
}

// The condition stands after the body, so that a turn takes one jump.
void RoutineCompiler::statement(const Stmt& stmt, const language::Loop& node) {
  if (node.init) discard(*node.init);
  if (node.init) builder_.count_action(stmt.span);
  charge_now(stmt);
  Label body, test, step, leave;
  builder_.jump(test);
  builder_.bind(body);
  builder_.count_action(stmt.span);
  loops_.push_back({&leave, &step});
  execute_body(node.body);
  loops_.pop_back();
  charge_at_end(node.body, stmt.span);
  builder_.bind(step);
  if (node.step) discard(*node.step);
  builder_.bind(test);
  if (node.condition) {
    branch(*node.condition, body, true);
  } else {
    builder_.jump(body);
  }
  if (node.step) builder_.count_action(stmt.span);  // whoever comes next pays for all the steps
  builder_.bind(leave);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::Foreach& node) {
  const auto mark = builder_.mark();
  const std::uint32_t site = foreach_site(node);
  charge_now(stmt);
  const std::uint32_t iterator = iterators_++;
  builder_.routine().iterators = std::max(builder_.routine().iterators, iterators_);
  builder_.fault_site(FaultSite::Kind::statement, {}, stmt.span);
  builder_.emit(Opcode::foreach_begin, iterator, site);
  builder_.release(mark);

  Label next, leave;
  builder_.bind(next);
  builder_.branch(Opcode::foreach_next, iterator, site, leave);
  builder_.count_action(stmt.span);
  loops_.push_back({&leave, &next});
  execute_body(node.body);
  loops_.pop_back();
  charge_at_end(node.body, stmt.span);
  builder_.jump(next);
  builder_.bind(leave);
  --iterators_;
}

std::uint32_t RoutineCompiler::foreach_site(const language::Foreach& node) {
  ForeachSite site;
  if (node.histogram) {
    site.histogram = statistic_place(*node.histogram, writes_locals(node.limit));
  } else {
    site.array = slot(node.global);
  }
  for (const std::uint32_t key : node.keys) site.keys.push_back(builder_.local(key));
  if (node.value) site.value = builder_.local(*node.value);
  if (node.limit) site.limit = evaluate_copy(*node.limit, {}).index;
  if (!node.slice.empty()) site.slice = key_list(node.slice);
  site.sort_by = node.sort_by;
  site.sort_column = node.sort_column;
  site.sort_function = node.sort_function;
  site.descending = node.descending;
  auto& sites = builder_.code().foreach_sites;
  sites.push_back(std::move(site));
  return static_cast<std::uint32_t>(sites.size() - 1);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::Break&) {
  charge_now(stmt);
  builder_.jump(*loops_.back().leave);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::Continue&) {
  charge_now(stmt);
  builder_.jump(*loops_.back().go_on);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::Next&) {
  charge_now(stmt);
  if (handler_ != nullptr) return builder_.emit(Opcode::finish);
  if (!function_->overload) {
    return builder_.emit(Opcode::raise, builder_.literal("all functions exhausted"));
  }
  const auto mark = builder_.mark();
  const Type type = function_->result;
  const Operand value = type == Type::none ? Operand{} : builder_.temporary(type);
  emit_call(*function_->overload, original_arguments_, value,
            {0, FaultSite::Kind::statement, {}, stmt.span});
  builder_.emit(type == Type::none     ? Opcode::return_nothing
                : type == Type::string ? Opcode::return_text
                                       : Opcode::return_number,
                value.index);
  builder_.release(mark);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::Return& node) {
  charge_now(stmt);
  if (handler_ != nullptr || !node.value || function_->result == Type::none) {
    if (node.value) discard(*node.value);
    return end_routine();
  }
  const auto mark = builder_.mark();
  const Operand value = evaluate(*node.value);
  builder_.emit(value.kind == Operand::Kind::text ? Opcode::return_text : Opcode::return_number,
                value.index);
  builder_.release(mark);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::Delete& node) {
  const Place& target = node.target;
  const auto mark = builder_.mark();
  if (!target.keys.empty()) {
    const std::uint32_t keys = key_list(target.keys);
    builder_.fault_site(FaultSite::Kind::statement, {}, stmt.span);
    builder_.emit(Opcode::array_delete, slot(target.index), keys);
  } else if (target.kind == Place::Kind::local) {
    const Operand local = builder_.local(target.index);
    if (local.kind == Operand::Kind::text) {
      builder_.load_text(local.index, {});
    } else {
      builder_.load_number(local.index, 0);
    }
  } else if (global(target.index).is_array()) {
    builder_.fault_site(FaultSite::Kind::statement, {}, stmt.span);
    builder_.emit(Opcode::array_clear, slot(target.index));
  } else if (global(target.index).type == Type::stats) {
    builder_.emit(Opcode::stat_clear, slot(target.index));
  } else if (global(target.index).type == Type::string) {
    const auto empty = builder_.text_temporary();
    builder_.load_text(empty, {});
    builder_.emit(Opcode::set_text, slot(target.index), empty);
  } else {
    const auto zero = builder_.number_temporary();
    builder_.load_number(zero, 0);
    builder_.emit(Opcode::set_number, slot(target.index), zero);
  }
  builder_.release(mark);
  builder_.count_action(stmt.span);
}

void RoutineCompiler::statement(const Stmt& stmt, const language::Try& node) {
  builder_.charge_actions(stmt.span);
  const std::uint32_t begin = builder_.here();
  execute_body(node.body);
  charge_at_end(node.body, stmt.span);
  Label end;
  builder_.jump(end);
  builder_.code().try_regions.push_back({begin, builder_.here(), builder_.here()});
  const Operand message =
      node.message ? builder_.local(*node.message) : builder_.temporary(Type::string);
  builder_.emit(Opcode::catch_message, message.index);
  charge_now(stmt);
  execute_body(node.handler);
  charge_at_end(node.handler, stmt.span);
  builder_.bind(end);
}

}  // namespace socktap::vm
