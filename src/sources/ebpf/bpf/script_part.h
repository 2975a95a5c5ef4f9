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

/* Where a record is put together: in the ring, or beside it if it may turn out not to be wanted. */
static __always_inline struct slot begin_record(struct socktap_record* aside) {
  if (!settings.has_script_part) return reserve();
  __builtin_memset(aside, 0, sizeof(*aside));
  const struct slot slot = {.record = aside, .cpu = bpf_get_smp_processor_id()};
  return slot;
}

/* False: it is not wanted, or has no room; either is counted. */
static __always_inline bool keep_record(struct slot* slot, const struct socktap_record* aside) {
  if (!settings.has_script_part) return true;
  if (stage == SOCKTAP_STAGE_LIVE && !script_wants(aside)) {
    count_filtered();
    return false;
  }
  *slot = reserve();
  if (!slot->record) return false;
  *slot->record = *aside;
  return true;
}
