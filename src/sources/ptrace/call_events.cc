#include "sources/ptrace/call_events.h"

namespace socktap::sources::ptrace {

using tapset::Field;
using tapset::Operation;
using tapset::Phase;

CallEvents::CallEvents(const Interest& interest, EventWriter& writer)
    : emitter_(interest, writer),
      messages_(emitter_),
      releases_(emitter_),
      creations_(emitter_, releases_),
      sharing_(releases_),
      connections_(emitter_),
      system_calls_(emitter_) {}

bool CallEvents::begins(Thread& thread, const TracedCall& traced) {
  thread.clear_call();
  thread.call = begun_call(thread.number, traced);
  const bool is_asked_for = system_calls_.begins(thread);
  if (is_close(thread.call->kind)) return releases_.begins(thread) || is_asked_for;
  if (is_creation(thread.call->kind)) return creations_.begins(thread) || is_asked_for;
  const bool makes_message = messages_.begins(thread);
  const bool connects = connections_.begins(thread);
  return sharing_.begins(thread) || makes_message || connects || is_asked_for;
}

void CallEvents::ends(Thread& thread, std::int64_t result) {
  if (!thread.call) return;
  if (is_close(thread.call->kind)) {
    releases_.ends(thread, result);
  } else if (is_creation(thread.call->kind)) {
    creations_.ends(thread, result);
  } else {
    sharing_.ends(thread, result);
    if (thread.message) messages_.ends(thread, result);
    if (thread.call->kind == SOCKTAP_CALL_CONNECT) connections_.ends(thread, result);
  }
  if (thread.form != 0) system_calls_.ends(thread, result);
  thread.clear_call();
}

void CallEvents::began_process(const Thread& thread, pid_t parent) {
  emitter_.emit(thread, Operation::process, Phase::begin, [&](WholeEvent& whole) {
    if (emitter_.interest().fields.contains(Field::parent))
      whole.record.ppid = static_cast<__u32>(parent);
  });
}

void CallEvents::replaced_program(Thread& thread) {
  releases_.replaced_program(thread);
  emitter_.emit(thread, Operation::process, Phase::begin, [](WholeEvent&) {});
}

void CallEvents::leaves_descriptors(Thread& thread) { releases_.leaves(thread); }

void CallEvents::ends_process(const Thread& thread) {
  emitter_.emit(thread, Operation::process, Phase::conclusion, [](WholeEvent&) {});
}

}  // namespace socktap::sources::ptrace
