// Programs for tests: one with every kind of instruction, and random ones.
#pragma once

#include <random>

#include "ebpf/program.h"

namespace socktap::ebpf {

// Every kind of instruction, every row of operators.def, registers and immediates.
Program every_instruction();

// One to sixty instructions that can be marshalled; what they do makes no sense.
Program random_program(std::mt19937_64& random);

}  // namespace socktap::ebpf
