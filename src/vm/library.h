// The library functions (tapset/functions.def), implemented one C++ function each.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tapset/functions.h"
#include "vm/argument.h"
#include "vm/limits.h"
#include "vm/machine.h"

namespace socktap::vm {

class LibraryState;  // library_state.h

// One call. The function leaves its result in `number` or `text`, or a run-time error's message in
// `error`. The caller cuts `text` at MAXSTRINGLEN.
struct LibraryCall {
  const Occasion& occasion;
  Host& host;
  LibraryState& state;
  const Limits& limits;
  std::span<const Argument> arguments;

  std::int64_t number = 0;
  std::string text;                  // comes in empty, its capacity is reused from call to call
  std::optional<std::string> error;  // a run-time error, whose message may be empty
  bool aborts = false;               // the handler ends here, which is no error
};

void call(tapset::Function function, LibraryCall& call);

}  // namespace socktap::vm
