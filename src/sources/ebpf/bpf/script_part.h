/* The script's own part of a program: what is kept of an event, and whether the event is wanted.
 * socktap writes it over the instructions below before it loads the program
 * (sources/ebpf/script_part.cc).
 */
#pragma once

#include "ring.h"

struct script_memory {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1); /* the number of CPUs, if settings.keeps */
  __uint(key_size, sizeof(__u32));
  __uint(value_size, sizeof(struct socktap_script_header)); /* or more */
};
extern struct script_memory script_memory SEC(".maps");

#define STRING_OF(text) #text
#define TEXT_OF(macro) STRING_OF(macro)

/* A record that is put together beside the ring, as far as the script's part may look at it. */
struct record_aside {
  struct socktap_record record;
  struct socktap_first_tail tail; /* if settings.filters_tail */
};

static __always_inline struct socktap_tail* tail_aside(struct record_aside* aside) {
  return (struct socktap_tail*)&aside->tail;
}

/* Returns SOCKTAP_SCRIPT_ bits. `memory` may be NULL if the script keeps nothing. Inline: a call
 * would be a good part of what it costs. */
static __always_inline int script_part(const struct socktap_record* record,
                                       struct socktap_script_header* memory) {
  register __u64 r0 asm("r0");
  register const void* r1 asm("r1") = record;
  register void* r2 asm("r2") = memory;
  asm volatile("r0 = " TEXT_OF(SOCKTAP_SCRIPT_PART_MARK) "\n"
               ".rept " TEXT_OF(SOCKTAP_SCRIPT_PART_ROOM) "\n"
               "goto +0\n"
               ".endr\n"
               : "=r"(r0), "+r"(r1), "+r"(r2)
               :
               : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "memory");
  return r0;
}

/* What fill_task, fill_nothing and fill_socket leave as it is. */
static __always_inline void clear_unfilled(struct socktap_record* aside) {
  __u64* name = (__u64*)aside->dev_name;
  name[0] = 0;
  name[1] = 0;
  aside->commit = 0;
  aside->time = 0;
}

/* Where the script keeps things on this CPU; NULL: just now it must not. What interrupts another
 * program here must not write to what that is about to change: its event is sent, and so are those
 * before the script has begun. */
static __always_inline struct socktap_script_header* memory_for_keeping(void) {
  const __u32 cpu = bpf_get_smp_processor_id();
  struct socktap_script_header* memory = bpf_map_lookup_elem(&script_memory, &cpu);
  if (!memory || *(volatile __u64*)&memory->busy || !*(volatile __u64*)&memory->ready) return NULL;
  *(volatile __u64*)&memory->busy = 1;
  barrier();
  return memory;
}

static __always_inline void count_unsent(struct socktap_script_header* memory, int answer) {
  if (memory) {
    if (answer & SOCKTAP_SCRIPT_KEEPS)
      memory->kept++;
    else
      memory->unwanted++;
    return;
  }
  struct socktap_cpu* cpu = this_cpu();
  if (cpu) __sync_fetch_and_add(&cpu->unwanted, 1);
}

/* Whether a record that was put together beside the ring is to be sent; if not, it is counted. What
 * threads have of their own the reader does not have: an event that should be handled here and
 * cannot is lost then. */
static __always_inline bool is_wanted_by_script(struct socktap_record* aside) {
  if (stage != SOCKTAP_STAGE_LIVE) return true;
  struct socktap_script_header* memory = NULL;
  if (settings.keeps) {
    memory = memory_for_keeping();
    if (!memory && settings.keeps_of_threads) count_missed();
    if (!memory) return !settings.keeps_of_threads;
    aside->kept = 1;
  }
  const int answer = script_part(aside, memory);
  const bool wanted = answer & SOCKTAP_SCRIPT_WANTS;
  if (!wanted) count_unsent(memory, answer);
  if (settings.keeps) {
    barrier();
    *(volatile __u64*)&memory->busy = 0;
  }
  return wanted;
}

/* Into the ring. Its time is taken there: no record may be reserved later than its time. */
static __always_inline struct slot send_record(const struct record_aside* aside) {
  const struct slot slot = reserve();
  if (!slot.record) return slot;
  *slot.record = aside->record;
  slot.record->time = bpf_ktime_get_ns();
  if (settings.filters_tail) *(struct socktap_first_tail*)tail_of(slot.record) = aside->tail;
  return slot;
}
