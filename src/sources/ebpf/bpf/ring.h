/* The batch buffer: one ring of records a CPU in memory that the reader maps. Nobody is woken and
 * no lock is taken: a program reserves a position, fills its slot and publishes it by writing
 * position + 1 into `commit`; the reader polls. Position before time: what is reserved after the
 * reader looked at `head` is later than that look, which is how it knows when it has everything.
 */
#pragma once

#include "settings.h"

struct ring_cpus {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1); /* the number of CPUs */
  __type(key, __u32);
  __type(value, struct socktap_cpu);
};
struct ring_slots {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1); /* that, times settings.slots */
  __uint(key_size, sizeof(__u32));
  __uint(value_size, sizeof(struct socktap_record)); /* or more */
};
extern struct ring_cpus cpus SEC(".maps");
extern struct ring_slots slots SEC(".maps");

struct slot {
  struct socktap_record* record; /* NULL: there was no room, and it was counted */
  __u64 position;
  __u32 cpu;
};

static __always_inline struct socktap_cpu* this_cpu(void) {
  __u32 cpu = bpf_get_smp_processor_id();
  return bpf_map_lookup_elem(&cpus, &cpu);
}

static __always_inline void count_filtered(void) {
  struct socktap_cpu* cpu = this_cpu();
  if (cpu) __sync_fetch_and_add(&cpu->filtered, 1);
}

static __always_inline void count_map_full(__u64 events) {
  struct socktap_cpu* cpu = this_cpu();
  if (cpu) __sync_fetch_and_add(&cpu->map_full, events);
}

/* What a program could not look at. */
static __always_inline void count_missed(void) {
  struct socktap_cpu* cpu = this_cpu();
  if (cpu) __sync_fetch_and_add(&cpu->missed, 1);
}

/* False: there is none, and it was counted as lost. */
static __always_inline bool next_position(struct socktap_cpu* cpu, __u64* position) {
#ifdef SOCKTAP_OLDER
  /* Nothing here adds and tells what was before. So one after another: who interrupts another just
   * here has no position. */
  __sync_fetch_and_add(&cpu->reserving, 1);
  const bool alone = *(volatile __u64*)&cpu->reserving == 1;
  if (alone) {
    *position = *(volatile __u64*)&cpu->head;
    *(volatile __u64*)&cpu->head = *position + 1;
  } else {
    __sync_fetch_and_add(&cpu->lost, 1);
  }
  __sync_fetch_and_add(&cpu->reserving, -1);
  return alone;
#else
  *position = __sync_fetch_and_add(&cpu->head, 1);
  return true;
#endif
}

static __always_inline struct slot reserve(void) {
  struct slot slot = {.cpu = bpf_get_smp_processor_id()};
  struct socktap_cpu* cpu = bpf_map_lookup_elem(&cpus, &slot.cpu);
  if (!cpu) {
    __sync_fetch_and_add(&lost_on_new_cpus, 1);
    return slot;
  }
  const __u64 tail = *(volatile __u64*)&cpu->tail;
  if (*(volatile __u64*)&cpu->head - tail >= settings.slots - SOCKTAP_RING_SLACK) {
    __sync_fetch_and_add(&cpu->lost, 1);
    return slot;
  }
  if (!next_position(cpu, &slot.position)) return slot;
  __u32 index = slot.cpu * settings.slots + ((__u32)slot.position & (settings.slots - 1));
  slot.record = bpf_map_lookup_elem(&slots, &index);
  return slot;
}

/* What it has of one: as settings and fields say. */
static __always_inline struct socktap_tail* tail_of(struct socktap_record* record) {
  return &((struct socktap_whole_record*)record)->tail;
}

static __always_inline void publish(const struct slot* slot) {
#ifndef SOCKTAP_OLDER
  if (settings.weak_ordering) {
    __sync_lock_test_and_set(&slot->record->commit, slot->position + 1);
    return;
  }
#endif
  barrier();
  *(volatile __u64*)&slot->record->commit = slot->position + 1;
}
