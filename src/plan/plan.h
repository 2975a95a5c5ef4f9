// Who does what: for every handler, what is done where events arise and what the machine does.
// Plain data. It refers to the TypedProgram it was made from, which must outlive it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "language/typed_program.h"
#include "plan/capabilities.h"
#include "plan/filter.h"
#include "plan/note.h"
#include "plan/shown.h"
#include "plan/tables.h"
#include "tapset/catalogue.h"

namespace socktap::plan {

// A handler, or a filter, that runs where events arise has fewer statements: there is room for no
// more instructions than that.
inline constexpr std::int64_t most_actions = 1024;

struct HandlerPlan {
  std::uint32_t handler = 0;                      // index into TypedProgram::handlers
  std::vector<const tapset::ProbePoint*> points;  // empty for begin, end, timers
  tapset::FieldSet fields;                        // what the user part reads of the event
  std::vector<Conjunct> filter;  // what is tested where events arise; the machine tests it again
  bool in_kernel = false;        // runs there, whole, but for events that say otherwise
  bool finds_merged = false;     // what is kept there must be merged before it runs
  std::vector<Note> notes;
};

struct Plan {
  const language::TypedProgram* program = nullptr;
  std::vector<HandlerPlan> handlers;  // one for each of the program's

  bool filters = false;  // events that no handler goes on with need not be sent
  Tables tables;         // what is kept of globals where events arise
  std::vector<const tapset::ProbePoint*> points;  // all that some handler needs, each once
  tapset::FieldSet fields;                        // the union over handlers
};

// Moves to where events arise what the capabilities allow and the output cannot depend on; with
// none every handler runs in the machine. `undeclared_entries`: of arrays that declare no size;
// `shown`: what is looked at of events that it shows.
Plan make_plan(const language::TypedProgram& program, const Capabilities& capabilities,
               std::int64_t undeclared_entries = usual_entries, Shown shown = {});

// As `explain --dump=plan` prints it.
std::string dump(const Plan& plan);

}  // namespace socktap::plan
