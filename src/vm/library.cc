#include "vm/library.h"

#include "vm/library_functions.h"

namespace socktap::vm {
namespace {

using Implementation = void (*)(LibraryCall&);

constexpr Implementation implementations[] = {
#define SOCKTAP_FUNCTION(id, ...) &library::id,
#include "tapset/functions.def"
#undef SOCKTAP_FUNCTION
};

}  // namespace

void call(tapset::Function function, LibraryCall& call) {
  implementations[static_cast<std::size_t>(function)](call);
}

}  // namespace socktap::vm
