/* The record of what is about no socket. */
#pragma once

#include "socket.h"
#include "task.h"

/* Reserved, with who, when and what kind it is; the rest is 0 and the caller's to fill. Without
 * room its record is NULL. */
static __always_inline struct slot bare_record(struct task_struct* task, __u32 tgid, int operation,
                                               int phase) {
  const struct slot slot = reserve();
  struct socktap_record* record = slot.record;
  if (!record) return slot;
  record->time = bpf_ktime_get_ns();
  fill_task(record, task, tgid, slot.cpu);
  fill_nothing(record);
  record->operation = operation;
  record->phase = phase;
  record->protocol = 0;
  record->family = 0;
  record->type = 0;
  record->state = 0;
  record->flags = 0;
  return slot;
}
