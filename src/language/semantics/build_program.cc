#include "language/semantics/build.h"
#include "language/semantics/elision.h"
#include "language/semantics/point_name.h"

namespace socktap::language::semantics {

TreeBuilder::TreeBuilder(const Symbols& symbols, const TypeTable& types,
                         const std::vector<std::uint32_t>& function_index, const Unit& unit)
    : symbols_(symbols), types_(types), function_index_(function_index), unit_(unit) {}

Place TreeBuilder::build_place(const ast::Expr& expression) {
  if (const auto* name = std::get_if<ast::Name>(&expression.node)) return place_of(name->text);
  const auto& subscript = std::get<ast::Subscript>(expression.node);
  return {Place::Kind::global, global_index(*subscript.base), build_all(subscript.keys)};
}

Place TreeBuilder::place_of(std::string_view name) {
  const Binding& binding = unit_.binding(name);
  if (const auto* local = std::get_if<LocalBinding>(&binding))
    return {Place::Kind::local, local->index, {}};
  return {Place::Kind::global, std::get<GlobalBinding>(binding).index, {}};
}

Type TreeBuilder::type_of(const Place& place) {
  return types_.type_or_number(place.kind == Place::Kind::local
                                   ? unit_.locals[place.index].type
                                   : symbols_.globals[place.index].value);
}

std::uint32_t TreeBuilder::global_index(const ast::Expr& base) {
  return symbols_.global_by_name.at(std::get<ast::Name>(base.node).text);
}

// Several conditions (a probe's, and those of the aliases on its way) must all hold.
ExprPtr TreeBuilder::build_condition() {
  ExprPtr condition;
  in_condition_ = true;
  for (const ast::Expr* part : unit_.handler->conditions) {
    ExprPtr built = build(*part);
    if (!condition) {
      condition = std::move(built);
      continue;
    }
    auto both = std::make_unique<Expr>();
    both->type = Type::number;
    both->span = part->span;
    both->node = Binary{BinaryOp::logical_and, std::move(condition), std::move(built)};
    condition = std::move(both);
  }
  in_condition_ = false;
  return condition;
}

std::vector<Local> TreeBuilder::build_locals() {
  std::vector<Local> locals;
  for (const LocalSymbol& local : unit_.locals)
    locals.push_back({std::string(local.name), types_.type_or_number(local.type)});
  locals.insert(locals.end(), extra_locals_.begin(), extra_locals_.end());
  return locals;
}

namespace {

Global build_global(const GlobalSymbol& symbol, const TypeTable& types) {
  const ast::Global& declaration = *symbol.declaration;
  Global global;
  global.name = declaration.name;
  global.span = declaration.span;
  global.type = types.type_or_number(symbol.value);
  for (const TypeVariable key : symbol.keys) global.keys.push_back(types.type_or_number(key));
  global.max_entries = literal_number(declaration.size.get());
  global.wraps = declaration.wraps;
  if (const auto number = literal_number(declaration.initial.get())) global.initial = *number;
  if (declaration.initial)
    if (const auto* text = std::get_if<ast::String>(&declaration.initial->node))
      global.initial = text->value;
  if (symbol.override_value) {
    if (global.type == Type::string)
      global.initial = *symbol.override_value;
    else
      global.initial = symbol.override_number;
  }
  global.histogram = symbol.histogram;
  global.keeps_variance = symbol.variance_shift.has_value();
  global.variance_shift = symbol.variance_shift.value_or(0);
  global.is_read = symbol.is_read;
  global.is_written = symbol.is_written;
  global.first_use = symbol.first_use.value_or(0);
  return global;
}

}  // namespace

TypedProgram build_program(const Symbols& symbols, const TypeTable& types,
                           const std::deque<Unit>& handlers, const std::deque<Unit>& functions) {
  TypedProgram program;
  for (const GlobalSymbol& global : symbols.globals)
    program.globals.push_back(build_global(global, types));

  // Functions keep the order of the script, without those that are never called.
  std::vector<std::uint32_t> function_index(symbols.functions.size(), 0);
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < symbols.functions.size(); ++i)
    if (symbols.functions[i].is_called) function_index[i] = next++;
  program.functions.resize(next);
  for (const Unit& unit : functions) {
    const FunctionSymbol& symbol = symbols.functions[*unit.function];
    Function& function = program.functions[function_index[*unit.function]];
    TreeBuilder builder(symbols, types, function_index, unit);
    function.name = symbol.declaration->name;
    function.span = symbol.declaration->span;
    if (symbol.returns_value) function.result = types.type_or_number(symbol.result);
    function.parameter_count = static_cast<std::uint32_t>(symbol.parameters.size());
    function.body = builder.build_body();
    function.locals = builder.build_locals();
    if (symbol.overload) function.overload = function_index[*symbol.overload];
  }
  for (const Unit& unit : handlers) {
    Handler& handler = program.handlers.emplace_back();
    TreeBuilder builder(symbols, types, function_index, unit);
    handler.span = unit.handler->probe->span;
    handler.points = unit.handler->points;
    handler.condition = builder.build_condition();
    handler.body = builder.build_body();
    handler.locals = builder.build_locals();
  }
  elide(program);
  for (std::size_t i = 0; i < program.globals.size(); ++i) {
    Global& global = program.globals[i];
    global.is_shown_at_end =
        global.is_written && !global.is_read && !symbols.globals[i].declaration->of_tapset;
  }
  return program;
}

}  // namespace socktap::language::semantics
