// Probes as they are written become handlers: aliases are expanded, wildcards matched, every point
// resolved to what triggers it.
#pragma once

#include <vector>

#include "language/ast.h"
#include "language/semantics/reporter.h"
#include "language/typed_program.h"

namespace socktap::language::semantics {

class Prelude;

// A handler before its names are bound. Everything points into the script.
struct HandlerDraft {
  const ast::Probe* probe = nullptr;
  std::vector<Point> points;
  bool has_unknown_points = false;  // some point of the probe is none; that has been reported
  std::vector<const ast::Stmt*> prologues;  // of aliases, in the order they run
  std::vector<const ast::Stmt*> epilogues;
  std::vector<const ast::Expr*> conditions;  // all must hold
};

// In script order. Points of one probe that came by the same aliases share a handler. A probe
// whose points are unknown gets one too, so that its body is checked all the same.
std::vector<HandlerDraft> expand_probes(const ast::Script& script, const Prelude& prelude,
                                        Reporter& reporter);

}  // namespace socktap::language::semantics
