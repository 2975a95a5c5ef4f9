// Arrays of which each thread has elements of its own: only handlers of events name them, and only
// elements whose key has tid() in it. What a thread does comes in its order wherever it is handled,
// so such an array can live where events arise and be read there too.
#pragma once

#include <vector>

#include "language/typed_program.h"

namespace socktap::plan {

using ThreadArrays = std::vector<bool>;  // by global

ThreadArrays thread_arrays(const language::TypedProgram& program);

}  // namespace socktap::plan
