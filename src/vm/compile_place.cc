// Expressions that read and write places: locals, globals, elements, the event.
#include "event/derived.h"
#include "vm/routine_compiler.h"

namespace socktap::vm {

using language::AssignOp;
using language::BinaryOp;

namespace {

// The operator that an assignment combines with the old value; none: `=` and `<<<`.
std::optional<BinaryOp> combining(AssignOp op) {
  switch (op) {
    case AssignOp::set:
    case AssignOp::accumulate:
      return std::nullopt;
    case AssignOp::add:
      return BinaryOp::add;
    case AssignOp::subtract:
      return BinaryOp::subtract;
    case AssignOp::multiply:
      return BinaryOp::multiply;
    case AssignOp::divide:
      return BinaryOp::divide;
    case AssignOp::modulo:
      return BinaryOp::modulo;
    case AssignOp::shift_left:
      return BinaryOp::shift_left;
    case AssignOp::shift_right:
      return BinaryOp::shift_right;
    case AssignOp::bitwise_and:
      return BinaryOp::bitwise_and;
    case AssignOp::bitwise_or:
      return BinaryOp::bitwise_or;
    case AssignOp::bitwise_xor:
      return BinaryOp::bitwise_xor;
    case AssignOp::concatenate:
      return BinaryOp::concatenate;
  }
  __builtin_unreachable();
}

Opcode load_opcode(std::uint8_t width, bool is_signed) {
  switch (width) {
    case 1:
      return is_signed ? Opcode::event_s8 : Opcode::event_u8;
    case 2:
      return is_signed ? Opcode::event_s16 : Opcode::event_u16;
    case 4:
      return is_signed ? Opcode::event_s32 : Opcode::event_u32;
    default:
      return Opcode::event_64;
  }
}

// Where the points of a handler take a variable from.
struct Sources {
  bool in_every_point = true;                // nothing is to be asked at run time
  const tapset::Extraction* only = nullptr;  // the same at every point that has it
};

Sources sources_of(const language::Handler& handler, tapset::Variable variable) {
  Sources sources;
  bool differ = false;
  for (const language::Point& point : handler.points) {
    const auto* probe = std::get_if<const tapset::ProbePoint*>(&point.trigger);
    const tapset::Binding* binding = probe == nullptr ? nullptr : (*probe)->find(variable);
    if (binding == nullptr) {
      sources.in_every_point = false;
    } else if (sources.only == nullptr) {
      sources.only = &binding->from;
    } else if (*sources.only != binding->from) {
      differ = true;
    }
  }
  if (differ) sources.only = nullptr;
  return sources;
}

}  // namespace

void RoutineCompiler::load_event(FieldLayout layout, Operand to) {
  if (layout.is_text)
    builder_.emit(Opcode::event_text, to.index, layout.offset, layout.width);
  else
    builder_.emit(load_opcode(layout.width, layout.is_signed), to.index, layout.offset);
}

Operand RoutineCompiler::expression(const Expr& expr, const language::EventVariable& node,
                                    Into into) {
  const Operand to = result(expr, into);
  const Sources sources = handler_ == nullptr ? Sources() : sources_of(*handler_, node.variable);
  const auto field = sources.only == nullptr ? std::nullopt : plain_field(*sources.only);
  const bool is_label =
      sources.only != nullptr && std::holds_alternative<tapset::PointLabel>(*sources.only);
  const bool text = to.kind == Operand::Kind::text;
  if (!field && !is_label) {
    builder_.emit(text ? Opcode::variable_text : Opcode::variable_number, to.index,
                  static_cast<std::uint32_t>(node.variable));
    return to;
  }
  Label missing;
  if (!sources.in_every_point) {
    if (text) {
      builder_.load_text(to.index, {});
    } else {
      builder_.load_number(to.index, 0);
    }
    builder_.branch(Opcode::jump_unless_variable, static_cast<std::uint32_t>(node.variable),
                    missing);
  }
  if (field) {
    load_event(*field, to);
  } else {
    builder_.emit(Opcode::point_label, to.index);
  }
  if (!sources.in_every_point) builder_.bind(missing);
  return to;
}

std::uint32_t RoutineCompiler::key_list(const std::vector<language::ExprPtr>& keys,
                                        bool writes_follow) {
  return builder_.list(evaluate_all(keys, writes_follow));
}

void RoutineCompiler::array_site(std::uint32_t index, Span span) {
  builder_.fault_site(FaultSite::Kind::identifier, global(index).name, span);
}

StatisticPlace RoutineCompiler::statistic_place(const Place& place, bool writes_follow) {
  if (place.keys.empty()) return {false, slot(place.index), 0};
  return {true, slot(place.index), key_list(place.keys, writes_follow)};
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Load& node, Into into) {
  const Place& place = node.place;
  if (place.kind == Place::Kind::local) return builder_.local(place.index);
  const Operand to = result(expr, into);
  const bool text = to.kind == Operand::Kind::text;
  if (place.keys.empty()) {
    builder_.emit(text ? Opcode::get_text : Opcode::get_number, to.index, slot(place.index));
    return to;
  }
  const auto mark = builder_.mark();
  const std::uint32_t keys = key_list(place.keys);
  builder_.emit(text ? Opcode::array_get_text : Opcode::array_get_number, to.index,
                slot(place.index), keys);
  builder_.release(mark);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Contains& node, Into into) {
  const Operand to = result(expr, into);
  const auto mark = builder_.mark();
  const std::uint32_t keys = key_list(node.keys);
  array_site(node.global, expr.span);
  builder_.emit(Opcode::array_contains, to.index, slot(node.global), keys);
  builder_.release(mark);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Assign& node, Into into) {
  if (node.target.kind == Place::Kind::local) return assign_local(node);
  if (node.target.keys.empty()) return assign_scalar(expr, node, into);
  return assign_element(expr, node, into);
}

// target = target op value
void RoutineCompiler::combine(const language::Assign& node, Operand target, Operand value) {
  const BinaryOp op = *combining(node.op);
  if (op == BinaryOp::divide || op == BinaryOp::modulo) fault_site_of(*node.value);
  builder_.emit(opcode_of(op), target.index, target.index, value.index);
}

Operand RoutineCompiler::assign_local(const language::Assign& node) {
  const Operand local = builder_.local(node.target.index);
  if (node.op == AssignOp::set) return evaluate(*node.value, local);
  const auto mark = builder_.mark();
  combine(node, local, evaluate(*node.value));
  builder_.release(mark);
  return local;
}

Operand RoutineCompiler::assign_scalar(const Expr& expr, const language::Assign& node, Into into) {
  const std::uint32_t target = slot(node.target.index);
  if (node.op == AssignOp::accumulate) {
    const Operand value = evaluate(*node.value, into);
    builder_.emit(Opcode::stat_add, target, value.index);
    return value;
  }
  const bool text = expr.type == Type::string;
  const Opcode set = text ? Opcode::set_text : Opcode::set_number;
  if (node.op == AssignOp::set) {
    const Operand value = evaluate(*node.value, into);
    builder_.emit(set, target, value.index);
    return value;
  }
  if (node.op == AssignOp::add) {
    const Operand sum = evaluate_copy(*node.value, into);
    builder_.emit(Opcode::add_number, target, sum.index);
    return sum;
  }
  const Operand to = result_before_fault(expr, into);
  const auto mark = builder_.mark();
  const Operand value = evaluate(*node.value);
  builder_.emit(text ? Opcode::get_text : Opcode::get_number, to.index, target);
  combine(node, to, value);
  builder_.emit(set, target, to.index);
  builder_.release(mark);
  return to;
}

// Keys are evaluated once, before the value.
Operand RoutineCompiler::assign_element(const Expr& expr, const language::Assign& node, Into into) {
  const std::uint32_t array = slot(node.target.index);
  const bool text = expr.type == Type::string;
  const Operand to = result_before_fault(expr, into);
  const auto mark = builder_.mark();
  const std::uint32_t keys = key_list(node.target.keys, writes_locals(node.value));
  if (node.op == AssignOp::set || node.op == AssignOp::add || node.op == AssignOp::accumulate) {
    evaluate(*node.value, to);
    array_site(node.target.index, expr.span);
    const Opcode plain = text ? Opcode::array_set_text : Opcode::array_set_number;
    builder_.emit(node.op == AssignOp::set   ? plain
                  : node.op == AssignOp::add ? Opcode::array_add_number
                                             : Opcode::array_stat_add,
                  array, keys, to.index);
  } else {
    const Operand value = evaluate(*node.value);
    builder_.emit(text ? Opcode::array_get_text : Opcode::array_get_number, to.index, array, keys);
    combine(node, to, value);
    array_site(node.target.index, expr.span);
    builder_.emit(text ? Opcode::array_set_text : Opcode::array_set_number, array, keys, to.index);
  }
  builder_.release(mark);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Increment& node, Into into) {
  return increment(expr, node, node.prefix, into);
}

Operand RoutineCompiler::increment(const Expr& expr, const language::Increment& node, bool prefix,
                                   Into into) {
  const Place& place = node.target;
  const auto delta = static_cast<std::uint32_t>(node.delta);
  if (place.kind == Place::Kind::local) {
    const Operand local = builder_.local(place.index);
    if (prefix) {
      builder_.emit(Opcode::add_immediate, local.index, local.index, delta);
      return local;
    }
    const Operand to = result(expr, into);
    builder_.move(to, local);
    // `x = x++` keeps the old value: the increment comes before the assignment.
    if (to.index != local.index) {
      builder_.emit(Opcode::add_immediate, local.index, local.index, delta);
    }
    return to;
  }
  const bool element = !place.keys.empty();
  const Operand to = element ? result_before_fault(expr, into) : result(expr, into);
  const auto mark = builder_.mark();
  if (element) {
    const std::uint32_t keys = key_list(place.keys);
    builder_.load_number(to.index, node.delta);
    array_site(place.index, expr.span);
    builder_.emit(Opcode::array_add_number, slot(place.index), keys, to.index);
  } else {
    builder_.load_number(to.index, node.delta);
    builder_.emit(Opcode::add_number, slot(place.index), to.index);
  }
  if (!prefix) {
    builder_.emit(Opcode::add_immediate, to.index, to.index,
                  static_cast<std::uint32_t>(-node.delta));
  }
  builder_.release(mark);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Extract& node, Into into) {
  static constexpr std::string_view names[] = {"@count", "@sum", "@min",
                                               "@max",   "@avg", "@variance"};
  const Operand to = result(expr, into);
  const auto mark = builder_.mark();
  const StatisticPlace place = statistic_place(node.statistic);
  auto& sites = builder_.code().extract_sites;
  sites.push_back({node.function, place});
  builder_.fault_site(FaultSite::Kind::identifier, names[static_cast<int>(node.function)],
                      expr.span);
  builder_.emit(Opcode::extract, to.index, static_cast<std::uint32_t>(sites.size() - 1));
  builder_.release(mark);
  return to;
}

Operand RoutineCompiler::expression(const Expr& expr, const language::Bucket& node, Into into) {
  const Operand to = result(expr, into);
  const auto mark = builder_.mark();
  // The index has its turn before the statistic's keys, which may write what it has read.
  const Operand index = evaluate_before(*node.index, true);
  const StatisticPlace place = statistic_place(node.statistic);
  auto& sites = builder_.code().bucket_sites;
  sites.push_back({place, index.index});
  builder_.fault_site(FaultSite::Kind::identifier, "@hist", expr.span);
  builder_.emit(Opcode::bucket, to.index, static_cast<std::uint32_t>(sites.size() - 1));
  builder_.release(mark);
  return to;
}

}  // namespace socktap::vm
