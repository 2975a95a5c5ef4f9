#include "language/semantics/constants.h"

#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/overloaded.h"
#include "language/semantics/typed_nodes.h"
#include "language/typed_children.h"

namespace socktap::language::semantics {
namespace {

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

const std::int64_t* number_of(const ExprPtr& expression) {
  const auto* literal = expression ? std::get_if<NumberLiteral>(&expression->node) : nullptr;
  return literal ? &literal->value : nullptr;
}

const std::string* string_of(const ExprPtr& expression) {
  const auto* literal = expression ? std::get_if<StringLiteral>(&expression->node) : nullptr;
  return literal ? &literal->value : nullptr;
}

// Literals are shifted by no count below 0 or above 64, and 64 is none; a count that is computed
// in the run counts modulo 64.
unsigned shift_count(std::int64_t count) {
  return count > 0 && count < 64 ? static_cast<unsigned>(count) : 0;
}

std::optional<std::int64_t> arithmetic(BinaryOp op, std::int64_t left, std::int64_t right) {
  const auto a = static_cast<std::uint64_t>(left);
  const auto b = static_cast<std::uint64_t>(right);
  const auto wrapped = [](std::uint64_t bits) { return static_cast<std::int64_t>(bits); };
  switch (op) {
    case BinaryOp::add:
      return wrapped(a + b);
    case BinaryOp::subtract:
      return wrapped(a - b);
    case BinaryOp::multiply:
      return wrapped(a * b);
    case BinaryOp::divide:
      if (right == 0) return std::nullopt;
      return right == -1 ? wrapped(0 - a) : left / right;
    case BinaryOp::modulo:
      if (right == 0) return std::nullopt;
      return right == -1 ? 0 : left % right;
    case BinaryOp::shift_left:
      return wrapped(a << shift_count(right));
    case BinaryOp::shift_right:
      return left >> shift_count(right);
    case BinaryOp::shift_right_logical:
      return wrapped(a >> shift_count(right));
    case BinaryOp::bitwise_and:
      return left & right;
    case BinaryOp::bitwise_or:
      return left | right;
    case BinaryOp::bitwise_xor:
      return left ^ right;
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> comparison(BinaryOp op, int order) {
  switch (op) {
    case BinaryOp::equal:
      return order == 0;
    case BinaryOp::not_equal:
      return order != 0;
    case BinaryOp::less:
      return order < 0;
    case BinaryOp::less_equal:
      return order <= 0;
    case BinaryOp::greater:
      return order > 0;
    case BinaryOp::greater_equal:
      return order >= 0;
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> of_numbers(BinaryOp op, std::int64_t left, std::int64_t right) {
  if (op == BinaryOp::logical_and) return left != 0 && right != 0;
  if (op == BinaryOp::logical_or) return left != 0 || right != 0;
  if (const auto known = arithmetic(op, left, right)) return known;
  return comparison(op, left < right ? -1 : left > right ? 1 : 0);
}

// What the operator gives whatever its other side is.
std::optional<std::int64_t> absorbing_left(BinaryOp op, std::int64_t left) {
  using enum BinaryOp;
  if (left == 0 && (op == multiply || op == bitwise_and || op == shift_right || op == shift_left))
    return 0;
  if (left == -1 && (op == bitwise_or || op == shift_right)) return -1;
  if (op == logical_or && left != 0) return 1;
  if (op == logical_and && left == 0) return 0;
  if (left == least && (op == less_equal || op == greater)) return op == less_equal;
  if (left == most && (op == greater_equal || op == less)) return op == greater_equal;
  return std::nullopt;
}

std::optional<std::int64_t> absorbing_right(BinaryOp op, std::int64_t right) {
  using enum BinaryOp;
  if (right == 0 && (op == multiply || op == bitwise_and)) return 0;
  if ((right == 1 || right == -1) && op == modulo) return 0;
  if (right == -1 && op == bitwise_or) return -1;
  if (op == logical_or && right != 0) return 1;
  if (op == logical_and && right == 0) return 0;
  if (right == least && (op == greater_equal || op == less)) return op == greater_equal;
  if (right == most && (op == less_equal || op == greater)) return op == less_equal;
  return std::nullopt;
}

// Where the operator gives its other side.
bool is_neutral_left(BinaryOp op, std::int64_t left) {
  using enum BinaryOp;
  if (left == 0) return op == add || op == bitwise_or || op == bitwise_xor;
  return (left == 1 && op == multiply) || (left == -1 && op == bitwise_and);
}

bool is_neutral_right(BinaryOp op, std::int64_t right) {
  using enum BinaryOp;
  if (right <= 0 && (op == shift_right || op == shift_left)) return true;
  if (right == 0) return op == add || op == subtract || op == bitwise_or || op == bitwise_xor;
  return (right == 1 && (op == multiply || op == divide)) || (right == -1 && op == bitwise_and);
}

class Folder {
 public:
  explicit Folder(const Effects& effects) : effects_(effects) {}

  bool is_changed() const { return is_changed_; }

  void fold(StmtPtr& statement) {
    if (!statement) return;
    Stmt& written = writable(*statement);
    for_each_child(
        written, [this](ExprPtr& child) { fold(child); }, [this](StmtPtr& child) { fold(child); });
    std::visit(Overloaded{
                   [&](If& node) { fold_branch(statement, node); },
                   [&](Loop& node) { fold_loop(written, node); },
                   [&](Foreach& node) {
                     const auto* limit = number_of(node.limit);
                     if (limit != nullptr && *limit <= 0) replace(statement, nullptr);
                   },
                   [](auto&) {},
               },
               written.node);
  }

 private:
  template <typename Pointer>
  void replace(Pointer& slot, std::type_identity_t<Pointer> by) {
    slot = std::move(by);
    is_changed_ = true;
  }

  void fold_branch(StmtPtr& statement, If& branch) {
    const auto* known = number_of(branch.condition);
    if (known != nullptr)
      replace(statement, std::move(*known != 0 ? branch.then : branch.otherwise));
  }

  void fold_loop(Stmt& statement, Loop& loop) {
    const auto* known = number_of(loop.condition);
    if (known == nullptr || *known != 0) return;
    is_changed_ = true;
    ExprPtr init = std::move(loop.init);
    if (init) {
      statement.node = Evaluate{std::move(init)};
    } else {
      statement.node = Block{};
    }
  }

  void fold(ExprPtr& expression) {
    if (!expression) return;
    Expr& written = writable(*expression);
    for_each_child(written, [this](ExprPtr& child) { fold(child); });
    if (auto* unary = std::get_if<Unary>(&written.node)) {
      fold_unary(expression, *unary);
    } else if (auto* binary = std::get_if<Binary>(&written.node)) {
      fold_binary(expression, *binary);
    } else if (auto* choice = std::get_if<Conditional>(&written.node)) {
      const auto* known = number_of(choice->condition);
      if (known != nullptr)
        replace(expression, std::move(*known != 0 ? choice->then : choice->otherwise));
    }
  }

  void fold_unary(ExprPtr& expression, const Unary& unary) {
    const auto* operand = number_of(unary.operand);
    if (operand == nullptr) return;
    const auto result = [&]() -> std::int64_t {
      switch (unary.op) {
        case UnaryOp::plus:
          return *operand;
        case UnaryOp::minus:
          return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(*operand));
        case UnaryOp::logical_not:
          return *operand == 0;
        case UnaryOp::bitwise_not:
          return ~*operand;
      }
      return 0;
    };
    replace(expression, make_number(result(), expression->span));
  }

  void fold_binary(ExprPtr& expression, Binary& binary) {
    const auto* left_text = string_of(binary.left);
    const auto* right_text = string_of(binary.right);
    if (binary.op == BinaryOp::concatenate) {
      fold_concatenation(expression, binary, left_text, right_text);
      return;
    }
    const auto* left = number_of(binary.left);
    const auto* right = number_of(binary.right);
    if (right != nullptr && *right == 0 &&
        (binary.op == BinaryOp::divide || binary.op == BinaryOp::modulo))
      return;
    if (left_text != nullptr && right_text != nullptr) {
      known(expression, comparison(binary.op, left_text->compare(*right_text)));
    } else if (left != nullptr && right != nullptr) {
      known(expression, of_numbers(binary.op, *left, *right));
    } else if (left != nullptr) {
      if (is_neutral_left(binary.op, *left)) {
        replace(expression, std::move(binary.right));
      } else if (is_lazy(binary.op) || !effects_.of(binary.right)) {
        known(expression, absorbing_left(binary.op, *left));
      }
    } else if (right != nullptr) {
      if (is_neutral_right(binary.op, *right)) {
        replace(expression, std::move(binary.left));
      } else if (!effects_.of(binary.left)) {
        known(expression, absorbing_right(binary.op, *right));
      }
    }
  }

  static bool is_lazy(BinaryOp op) {
    return op == BinaryOp::logical_and || op == BinaryOp::logical_or;
  }

  void known(ExprPtr& expression, std::optional<std::int64_t> value) {
    if (value) replace(expression, make_number(*value, expression->span));
  }

  void fold_concatenation(ExprPtr& expression, Binary& binary, const std::string* left,
                          const std::string* right) {
    if (left != nullptr && right != nullptr) {
      replace(expression,
              make_expression(Type::string, expression->span, StringLiteral{*left + *right}));
    } else if (left != nullptr && left->empty()) {
      replace(expression, std::move(binary.right));
    } else if (right != nullptr && right->empty()) {
      replace(expression, std::move(binary.left));
    }
  }

  const Effects& effects_;
  bool is_changed_ = false;
};

}  // namespace

bool fold_constants(StmtPtr& statement, const Effects& effects) {
  Folder folder(effects);
  folder.fold(statement);
  return folder.is_changed();
}

}  // namespace socktap::language::semantics
