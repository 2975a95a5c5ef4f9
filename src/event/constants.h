// The names of the kernel's constants, as texts of system calls have them: SystemTap 4.8's names,
// in the order in which it looks for them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace socktap::constants {

struct Constant {
  std::int64_t value;
  const char* name;
};
using Constants = std::initializer_list<Constant>;

// The name of the first constant that has the value; the number in that base if there is none.
std::string name_of(const Constants& constants, std::int64_t value, int base = 16);

// The names of those constants that share bits with the value, each without the bits of those
// before it, joined by '|'; what is left over follows as a number. Of 0, as name_of.
std::string names_of_bits(const Constants& constants, std::int64_t value, int base = 16);

#define SOCKTAP_ONE_OF(id, taken_as, base) extern const Constants id;
#define SOCKTAP_ANY_OF(id, taken_as, base) extern const Constants id;
#define SOCKTAP_TEXT(id)
#define SOCKTAP_NUMBER(id)
#include "tapset/renderings.def"
#undef SOCKTAP_ONE_OF
#undef SOCKTAP_ANY_OF
#undef SOCKTAP_TEXT
#undef SOCKTAP_NUMBER

// Those that are part of other texts.
extern const Constants message_flags, socket_types, ip_protocols;                  // sockets
extern const Constants fanotify_class, fanotify_other_flags, swap_flags;           // files
extern const Constants quota_commands, quota_formats, file_types;                  // files
extern const Constants mmap_flags, mempolicy_mode, mempolicy_mode_flags;           // memory
extern const Constants shmget_flags, semctl_commands, msgctl_commands, ipc_flags;  // memory
extern const Constants fork_flags, sched_policies, ioprio_classes;                 // processes
extern const Constants futex_operations, futex_wake_operations, futex_comparisons;
extern const Constants ptrace_requests, ptrace_options, elf_notes, ptrace_arch_prctl_codes;
extern const Constants sigaction_flags, sigaltstack_flags;                         // signals
extern const Constants adjtimex_modes, clock_states;                               // time
extern const Constants key_commands, keyrings, default_keyrings, key_permissions;  // system

extern const Constants prctl_options, unaligned_access, fpu_emulation, fpu_exceptions;  // prctl
extern const Constants process_timing, byte_orders, tsc_access, mce_kill, mce_kill_policies;
extern const Constants memory_map_fields, tracers, seccomp_modes, securebits, capabilities;

}  // namespace socktap::constants
