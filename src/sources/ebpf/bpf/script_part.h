/* The script's own part of a program: whether an event is wanted. socktap writes it over the
 * instructions below before it loads the program (sources/ebpf/script_part.cc): it finds the record
 * in r1, leaves the answer in r0, and may use r0 to r8.
 */
#pragma once

#include "ring.h"

#define STRING_OF(text) #text
#define TEXT_OF(macro) STRING_OF(macro)

static __noinline bool script_wants(const struct socktap_record* record) {
  __u64 wanted;
  asm volatile(
      "r1 = %[record]\n"
      "r0 = " TEXT_OF(SOCKTAP_SCRIPT_PART_MARK) "\n"
      ".rept " TEXT_OF(SOCKTAP_SCRIPT_PART_ROOM) "\n"
      "goto +0\n"
      ".endr\n"
      "%[wanted] = r0\n"
      : [wanted] "=r"(wanted)
      : [record] "r"(record)
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "memory");
  return wanted;
}

/* Whether a record that was put together beside the ring is wanted; if not, it is counted. */
static __always_inline bool is_wanted_by_script(const struct socktap_record* aside) {
  if (stage != SOCKTAP_STAGE_LIVE || script_wants(aside)) return true;
  struct socktap_cpu* cpu = this_cpu();
  if (cpu) __sync_fetch_and_add(&cpu->unwanted, 1);
  return false;
}

/* Into the ring. Its time is taken anew: no record may be reserved later than its time. */
static __always_inline struct slot keep_record(const struct socktap_record* aside) {
  const struct slot slot = reserve();
  if (!slot.record) return slot;
  *slot.record = *aside;
  slot.record->time = bpf_ktime_get_ns();
  return slot;
}
