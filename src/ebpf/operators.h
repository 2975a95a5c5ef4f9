// The rows of operators.def: what each operator is in an instruction's code, and in text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ebpf/instruction.h"

namespace socktap::ebpf {

struct OperatorRow {
  std::uint8_t code;
  std::string_view text;
};
const OperatorRow& row(AluOperator);
const OperatorRow& row(Condition);
const OperatorRow& row(Size);

std::int32_t bytes(Size);
std::string_view name(Helper);  // empty where operators.def does not list it

// The operator whose row has the code.
std::optional<AluOperator> alu_operator(std::uint8_t code);
std::optional<Condition> condition(std::uint8_t code);
std::optional<Size> size(std::uint8_t code);
std::optional<Size> size_of_bits(std::int32_t bits);

}  // namespace socktap::ebpf
