// What an operation was called with and what it returned.
#include "event/event.h"
#include "vm/library_functions.h"

namespace socktap::vm::library {
namespace {

// The n-th argument of the system call, from 1 on, as its register holds it.
std::uint64_t argument(LibraryCall& call) {
  const Event& event = *call.occasion.event;
  const std::int64_t n = call.arguments[0].number;
  if (operation_of(event) != tapset::Operation::call || call.occasion.point == nullptr) {
    call.error = "cannot access function args in this context";
  } else if (n < 1 || n > SOCKTAP_CALL_ARGUMENTS) {
    call.error = "invalid arg number " + std::to_string(n);
  } else {
    return tail_of(event).call.arguments[n - 1];
  }
  return 0;
}

void as_int32(LibraryCall& call) { call.number = static_cast<std::int32_t>(argument(call)); }
void as_uint32(LibraryCall& call) { call.number = static_cast<std::uint32_t>(argument(call)); }
void as_int64(LibraryCall& call) { call.number = static_cast<std::int64_t>(argument(call)); }

bool is_narrow(const LibraryCall& call) { return call.occasion.event->is_compat != 0; }

// What the operation returned; only at its conclusion.
std::int64_t result(LibraryCall& call) {
  const Event& event = *call.occasion.event;
  if (call.occasion.point != nullptr && phase_of(event) == tapset::Phase::conclusion) {
    switch (operation_of(event)) {
      case tapset::Operation::send:
      case tapset::Operation::receive:
      case tapset::Operation::call:
        return event.size;
      case tapset::Operation::create:
      case tapset::Operation::disconnect:
        return event.err;
      default:
        break;
    }
  }
  call.error = "returnval() not defined in this context";
  return 0;
}

}  // namespace

void int_arg(LibraryCall& call) { as_int32(call); }
void s32_arg(LibraryCall& call) { as_int32(call); }
void uint_arg(LibraryCall& call) { as_uint32(call); }
void u32_arg(LibraryCall& call) { as_uint32(call); }
void s64_arg(LibraryCall& call) { as_int64(call); }
void u64_arg(LibraryCall& call) { as_int64(call); }
void longlong_arg(LibraryCall& call) { as_int64(call); }
void ulonglong_arg(LibraryCall& call) { as_int64(call); }
void long_arg(LibraryCall& call) { is_narrow(call) ? as_int32(call) : as_int64(call); }
void ulong_arg(LibraryCall& call) { is_narrow(call) ? as_uint32(call) : as_int64(call); }
void pointer_arg(LibraryCall& call) { ulong_arg(call); }

void returnval(LibraryCall& call) { call.number = result(call); }
void returnstr(LibraryCall& call) {
  append_result(call.arguments[0].number, result(call), call.text);
}

}  // namespace socktap::vm::library
