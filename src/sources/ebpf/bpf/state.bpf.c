/* What every collector shares: settings, stage, rings and scope. */
#include "closing_maps.h"
#include "creating_calls.h"
#include "latency.h"
#include "occurrence.h"
#include "script_part.h"
#include "task.h"
#include "thread_messages.h"
#include "twin.h"
#include "uring.h"

const volatile struct socktap_settings settings = {};
__u32 stage = SOCKTAP_STAGE_OFF;
__u64 lost_on_new_cpus = 0;
__u64 unsettled = 0;
__u64 taken_over[SOCKTAP_TWINS] = {}; /* by each twin, what its first was not given */

struct ring_cpus cpus SEC(".maps");
struct ring_slots slots SEC(".maps");
struct scope_bytes scope SEC(".maps");
struct entry_times entry_times SEC(".maps");
struct twin_marks twin_marks SEC(".maps");
struct uring_submissions uring_submissions SEC(".maps");
struct uring_retries uring_retries SEC(".maps");
struct closing_calls closing_calls SEC(".maps");
struct closing_sockets closing_sockets SEC(".maps");
struct closing_tails closing_tails SEC(".maps");
const __u8 no_tail[sizeof(struct kept_tail)] = {};
struct releasing_files releasing_files SEC(".maps");
struct ending_threads ending_threads SEC(".maps");
struct ending_processes ending_processes SEC(".maps");
struct creating_calls creating_calls SEC(".maps");
struct thread_messages thread_messages SEC(".maps");
struct kept_messages kept_messages SEC(".maps");
struct records_aside records_aside SEC(".maps");
struct script_memory script_memory SEC(".maps");
char _license[] SEC("license") = "Dual BSD/GPL";
