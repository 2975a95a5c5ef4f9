/* System calls as such: any that is asked for, with its arguments and the memory they point to. */
#include "bare_record.h"
#include "call.h"
#include "twin.h"

const volatile struct socktap_call_settings call_settings = {};

/* The strings of a list are gathered here, where there is room for one too long. */
#define MOST_STRINGS 128
#define GATHERED (2 * SOCKTAP_CAPTURE_0)
struct gathered {
  char text[GATHERED];
};
struct gathering_maps {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct gathered);
};
struct gathering_maps gathering SEC(".maps");

struct system_call {
  struct call call;
  long number;
  __u32 form; /* as in the settings */
};

static __always_inline __u32 form_of(const struct system_call* system_call, struct pt_regs* regs) {
  const __u64 number = system_call->number;
  if (number >= SOCKTAP_CALL_NUMBERS) return call_settings.unknown_forms;
  if (!system_call->call.compat) return call_settings.native_forms[number];
  if (kind_of(number, true) != SOCKTAP_CALL_SOCKETCALL) return call_settings.compat_forms[number];
  const __u32 part = socketcall_in(regs);
  if (part >= SOCKTAP_SOCKETCALLS) return call_settings.unknown_forms;
  return call_settings.socketcall_forms[part];
}

/* The calls that tasks are in, if their returns are asked for. What a call was is known from when
 * it began: an exec or a signal's return leaves other registers, and a new thread or process leaves
 * a call that it never began. */
struct calls_under_way {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 65536);
  __type(key, __u64); /* the task */
  __type(value, struct system_call);
};
struct calls_under_way calls_under_way SEC(".maps");

static __always_inline bool is_wanted(const struct system_call* system_call, __u32 bit) {
  if (stage == SOCKTAP_STAGE_CALIBRATING)
    return system_call->number == settings.calibrating_call;
  return system_call->form & bit;
}

static __always_inline __u16 gather_strings(char* to, __u64 list, bool compat) {
  __u32 zero = 0;
  struct gathered* gathered = bpf_map_lookup_elem(&gathering, &zero);
  if (!gathered || !list) return SOCKTAP_NOT_CAPTURED;
  __u32 used = 0;
  for (int i = 0; i < MOST_STRINGS && used < SOCKTAP_CAPTURE_0; i++) {
    __u64 string = 0;
    const long refused = compat ? bpf_probe_read_user(&string, 4, (void*)(list + i * 4))
                                : bpf_probe_read_user(&string, 8, (void*)(list + i * 8));
    if (refused) {
      if (i == 0) return SOCKTAP_NOT_CAPTURED;
      break;
    }
    if (!string) break;
    const long length = bpf_probe_read_user_str(&gathered->text[used & (SOCKTAP_CAPTURE_0 - 1)],
                                                SOCKTAP_CAPTURE_0, (void*)string);
    if (length <= 0) break;
    used += length;
    if (length == SOCKTAP_CAPTURE_0) { /* it goes on, and has no zero here */
      bpf_probe_read_user(&gathered->text[(used - 1) & (GATHERED - 1)], 1,
                          (void*)(string + SOCKTAP_CAPTURE_0 - 1));
    }
  }
  bpf_probe_read_kernel(to, SOCKTAP_CAPTURE_0, gathered->text);
  return used < SOCKTAP_CAPTURE_0 ? used : SOCKTAP_CAPTURE_0;
}

/* How much of the task's memory is at `to` afterwards. */
static __always_inline __u16 capture(char* to, __u32 room, const __u64* arguments, bool compat,
                                     const volatile struct socktap_capture* wanted) {
  const __u32 at = wanted->argument;
  const __u32 count = wanted->count;
  if (at >= SOCKTAP_CALL_ARGUMENTS) return SOCKTAP_NOT_CAPTURED;
  const __u64 address = arguments[at];
  __u64 length = count;
  switch (wanted->how) {
    case SOCKTAP_CAPTURE_STRING: {
      const long read = bpf_probe_read_user_str(to, room, (void*)address);
      if (read < 0) return SOCKTAP_NOT_CAPTURED;
      /* A string that goes on has no zero here. */
      if (read == room) bpf_probe_read_user(to + room - 1, 1, (void*)(address + room - 1));
      return read;
    }
    case SOCKTAP_CAPTURE_BYTES:
      if (count >= SOCKTAP_CALL_ARGUMENTS) return SOCKTAP_NOT_CAPTURED;
      length = arguments[count];
      if (compat) length = (__u32)length;
      break;
    case SOCKTAP_CAPTURE_FIXED:
      break;
    case SOCKTAP_CAPTURE_STRINGS:
      if (room < SOCKTAP_CAPTURE_0) return SOCKTAP_NOT_CAPTURED;
      return gather_strings(to, address, compat);
    default:
      return SOCKTAP_NOT_CAPTURED;
  }
  if (length > room) length = room;
  if (length && bpf_probe_read_user(to, length, (void*)address)) return SOCKTAP_NOT_CAPTURED;
  return length;
}

static __always_inline void fill_call(struct socktap_tail* tail, const struct call* call,
                                      __u32 form) {
  if (!needs(SOCKTAP_FIELD_ARGUMENTS)) return;
  for (int i = 0; i < SOCKTAP_CALL_ARGUMENTS; i++) tail->call.arguments[i] = call->argument[i];
  tail->call.captured[0] = SOCKTAP_NOT_CAPTURED;
  tail->call.captured[1] = SOCKTAP_NOT_CAPTURED;
  const volatile struct socktap_capture* wanted = call_settings.captures[form & SOCKTAP_FORM_MASK];
  if (needs(SOCKTAP_FIELD_CAPTURE_0))
    tail->call.captured[0] =
        capture(tail->call.capture_0, SOCKTAP_CAPTURE_0, tail->call.arguments, call->compat, &wanted[0]);
  if (needs(SOCKTAP_FIELD_CAPTURE_1))
    tail->call.captured[1] =
        capture(tail->call.capture_1, SOCKTAP_CAPTURE_1, tail->call.arguments, call->compat, &wanted[1]);
}

static __always_inline int tell_call(struct task_struct* task, __u32 tgid,
                                     const struct system_call* system_call, int phase,
                                     long result) {
  const struct slot slot = bare_record(task, tgid, SOCKTAP_SYSTEM_CALL, phase);
  struct socktap_record* record = slot.record;
  if (!record) return 0;
  record->size = result;
  record->success = result >= 0;
  record->call_number = system_call->number;
  record->call_form = system_call->form & SOCKTAP_FORM_MASK;
  record->is_compat = system_call->call.compat;
  fill_call(tail_of(record), &system_call->call, system_call->form);
  publish(&slot);
  return 0;
}

static __always_inline int system_call_enter_body(struct pt_regs* regs, long number) {
  struct task_struct* task = current_task();
  struct system_call call;
  __builtin_memset(&call, 0, sizeof(call)); /* what is between the members goes into the map, too */
  call.call.compat = is_compat(task);
  call.number = number;
  call.form = form_of(&call, regs);
  const bool begin =
      wants_any(SOCKTAP_SYSTEM_CALL, SOCKTAP_BEGIN) && is_wanted(&call, SOCKTAP_FORM_BEGIN);
  const bool conclusion = wants_any(SOCKTAP_SYSTEM_CALL, SOCKTAP_CONCLUSION) &&
                          is_wanted(&call, SOCKTAP_FORM_CONCLUSION);
  if (!begin && !conclusion) return 0;
  const __u32 tgid = tgid_of(task);
  if (!in_scope(tgid)) return 0;
  if (needs(SOCKTAP_FIELD_ARGUMENTS)) {
    read_arguments(&call.call, regs);
    if (kind_of(number, call.call.compat) == SOCKTAP_CALL_SOCKETCALL) read_socketcall(&call.call);
  }
  if (conclusion) {
    const __u64 key = (__u64)task;
    if (bpf_map_update_elem(&calls_under_way, &key, &call, BPF_ANY)) count_map_full(1);
  }
  return begin ? tell_call(task, tgid, &call, SOCKTAP_BEGIN, 0) : 0;
}
TWINS(system_call_enter, sys_enter, (struct pt_regs * regs, long number), (regs, number))

static __always_inline int system_call_exit_body(struct pt_regs* regs, long result) {
  struct task_struct* task = current_task();
  const __u64 key = (__u64)task;
  const struct system_call* begun = bpf_map_lookup_elem(&calls_under_way, &key);
  if (!begun) return 0;
  const struct system_call call = *begun;
  bpf_map_delete_elem(&calls_under_way, &key);
  if (stage == SOCKTAP_STAGE_OFF) return 0;
  return tell_call(task, tgid_of(task), &call, SOCKTAP_CONCLUSION, result);
}
TWINS(system_call_exit, sys_exit, (struct pt_regs * regs, long result), (regs, result))
