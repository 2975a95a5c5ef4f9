#include "ebpf/operators.h"

#include <cstddef>
#include <iterator>

namespace socktap::ebpf {
namespace {

constexpr OperatorRow alu_rows[] = {
#define SOCKTAP_ALU(name, code, text) {code, text},
#include "ebpf/operators.def"
};
constexpr OperatorRow condition_rows[] = {
#define SOCKTAP_CONDITION(name, code, text) {code, text},
#include "ebpf/operators.def"
};
constexpr OperatorRow size_rows[] = {
#define SOCKTAP_SIZE(name, code, bytes) {code, #name},
#include "ebpf/operators.def"
};
constexpr std::int32_t size_bytes[] = {
#define SOCKTAP_SIZE(name, code, bytes) bytes,
#include "ebpf/operators.def"
};

template <typename Operator, std::size_t count>
std::optional<Operator> with_code(const OperatorRow (&rows)[count], std::uint8_t code) {
  for (std::size_t i = 0; i < count; ++i) {
    if (rows[i].code == code) return static_cast<Operator>(i);
  }
  return std::nullopt;
}

}  // namespace

const OperatorRow& row(AluOperator op) { return alu_rows[static_cast<std::size_t>(op)]; }
const OperatorRow& row(Condition condition) {
  return condition_rows[static_cast<std::size_t>(condition)];
}
const OperatorRow& row(Size size) { return size_rows[static_cast<std::size_t>(size)]; }

std::int32_t bytes(Size size) { return size_bytes[static_cast<std::size_t>(size)]; }

std::string_view name(Helper helper) {
  switch (helper) {
#define SOCKTAP_HELPER(name) \
  case Helper::name:         \
    return #name;
#include "ebpf/operators.def"
  }
  return {};
}

std::optional<AluOperator> alu_operator(std::uint8_t code) {
  return with_code<AluOperator>(alu_rows, code);
}
std::optional<Condition> condition(std::uint8_t code) {
  return with_code<Condition>(condition_rows, code);
}
std::optional<Size> size(std::uint8_t code) { return with_code<Size>(size_rows, code); }

std::optional<Size> size_of_bits(std::int32_t bits) {
  for (std::size_t i = 0; i < std::size(size_bytes); ++i) {
    if (size_bytes[i] * 8 == bits) return static_cast<Size>(i);
  }
  return std::nullopt;
}

}  // namespace socktap::ebpf
