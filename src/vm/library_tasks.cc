// The task_* functions. A task is named by its thread id, where SystemTap has an address. All is
// read from /proc when the function is called, so that a task that is gone has only zeros.
#include "base/proc.h"
#include "event/event.h"
#include "vm/library_functions.h"
#include "vm/library_state.h"

namespace socktap::vm::library {
namespace {

std::int64_t task_of(const LibraryCall& call) { return call.arguments[0].number; }

TaskStatus status_of(const LibraryCall& call) {
  return proc_status(task_of(call)).value_or(TaskStatus{});
}

}  // namespace

void task_tid(LibraryCall& call) { call.number = task_of(call); }
void task_execname(LibraryCall& call) { call.text = proc_command(task_of(call)); }
void task_parent(LibraryCall& call) { call.number = status_of(call).parent; }
void task_pid(LibraryCall& call) { call.number = status_of(call).process; }
void task_uid(LibraryCall& call) { call.number = status_of(call).uid; }
void task_euid(LibraryCall& call) { call.number = status_of(call).euid; }
void task_gid(LibraryCall& call) { call.number = status_of(call).gid; }
void task_egid(LibraryCall& call) { call.number = status_of(call).egid; }

void cgroup_path(LibraryCall& call) {
  call.text = call.host.cgroups().name_of(static_cast<std::uint64_t>(call.arguments[0].number));
}

void pid2task(LibraryCall& call) { call.number = proc_status(task_of(call)) ? task_of(call) : 0; }

}  // namespace socktap::vm::library
