// What a handler reads of its event.
#pragma once

#include <vector>

#include "language/typed_program.h"
#include "plan/shown.h"
#include "tapset/field.h"

namespace socktap::plan {

// The fields that each handler of the program reads, the functions that it calls included; one
// set a handler, in their order.
std::vector<tapset::FieldSet> fields_read(const language::TypedProgram& program, Shown shown);

}  // namespace socktap::plan
