// Which kinds of eBPF programs the running kernel loads and attaches, found out by trying one that
// does nothing.
#pragma once

#include <linux/bpf.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace socktap::sources::ebpf {

// What programs of functions are tried on: every send(2) passes it.
inline constexpr const char* tried_function = "__sys_sendto";

// Each fails with what was refused ("cannot load it: ..."), the errno, and what would help.
Result<void> try_raw_tracepoint();

// `target`: the number in the kernel's types of a tracepoint (BPF_TRACE_RAW_TP) or of a function
// (BPF_TRACE_FENTRY, BPF_TRACE_FEXIT).
Result<void> try_typed(bpf_attach_type type, int target);

// As try_typed, but without a target: cheap, and succeeds where only that is missing.
Result<void> try_permission(bpf_attach_type type);

Result<void> try_kprobe(const char* function);

// The first of the instructions and helpers that all collectors are made of which the kernel does
// not know; "" if it knows them all. What else refuses a program is not asked here.
std::string missing_basic();

// Why this process is let load no program at all, as people read it, with what would help; empty:
// it is.
std::string refusal_of_programs();

// Whether it knows those of the collectors for older kernels; the error names what is missing.
Result<void> try_older_basics();

// Whether a task can lose the CPU inside a program of a tracepoint (since Linux 7.1), or of fentry
// at
// __sys_sendto, whose number `function` is. `preempt_count` is the number of that variable in the
// kernel's types; 0: it keeps its count elsewhere, as from 6.2 to 6.14, when no tracepoint's
// program was preempted and every hook's.
bool tracepoints_are_preempted(int preempt_count);
bool hooks_are_preempted(int preempt_count, int function);

// Whether it preempts tasks at all; where it does not say (/sys/kernel/debug/sched/preempt), it is
// taken to.
bool kernel_is_preempted();
inline constexpr std::string_view preempt_count_variable = "__preempt_count";

}  // namespace socktap::sources::ebpf
