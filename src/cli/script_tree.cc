#include "cli/script_tree.h"

#include <iterator>
#include <vector>

namespace socktap::cli {
namespace {

namespace ast = language::ast;

template <typename T>
void move_to_end(std::vector<T>& all, std::vector<T>& more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

void append(ast::Script& script, ast::Script more) {
  move_to_end(script.globals, more.globals);
  move_to_end(script.functions, more.functions);
  move_to_end(script.aliases, more.aliases);
  move_to_end(script.probes, more.probes);
  move_to_end(script.embedded_code, more.embedded_code);
}

}  // namespace socktap::cli
