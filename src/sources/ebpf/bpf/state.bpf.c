/* What every collector shares: settings, stage, rings and scope. */
#include "latency.h"
#include "task.h"

const volatile struct socktap_settings settings = {};
__u32 stage = SOCKTAP_STAGE_OFF;
__u64 lost_on_new_cpus = 0;

struct ring_cpus cpus SEC(".maps");
struct ring_slots slots SEC(".maps");
struct scope_words scope SEC(".maps");
struct entry_times entry_times SEC(".maps");
char _license[] SEC("license") = "Dual BSD/GPL";
