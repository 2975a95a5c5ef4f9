// Arrays of which each thread has elements of its own: only handlers of events name them, and only
// elements whose key has tid() in it. What a thread does comes in its order wherever it is handled,
// so such an array can live where events arise and be read there too. Not so releases: whoever
// finds a socket gone tells, which may be another thread. (Threads outside socktap's PID namespace
// may share a number with one inside: to a script they are one.)
#pragma once

#include <vector>

#include "language/typed_program.h"
#include "plan/settled.h"

namespace socktap::plan {

using ThreadArrays = std::vector<bool>;  // by global

// Those of them that somebody writes: the others are settled.
ThreadArrays thread_arrays(const language::TypedProgram& program, const SettledGlobals& settled);

}  // namespace socktap::plan
