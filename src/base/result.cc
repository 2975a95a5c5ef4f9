#include "base/result.h"

#include <system_error>

namespace socktap {

tl::unexpected<Error> system_failure(const std::string& what, int code, std::string hint) {
  return failure(what + ": " + std::generic_category().message(code), std::move(hint), code);
}

}  // namespace socktap
