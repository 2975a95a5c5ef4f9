/* Sockets being made, by the function that makes them all: those of the kernel's own too. */
#include "hooked.h"
/* hooked.h first */
#include "occurrence.h"

#define CREATE_ARGUMENTS 6 /* net, family, type, protocol, where it is stored, requester */

static __always_inline int creation(const __u64* arguments, int phase, int result) {
  const __u32 tgid = tgid_of(current_task());
  if (!wants_any(SOCKTAP_CREATE, phase) || !in_scope(tgid)) return 0;
  struct occurrence occurrence = {.tgid = tgid, .operation = SOCKTAP_CREATE, .phase = phase};
  const bool concludes = phase == SOCKTAP_CONCLUSION;
  if (concludes && result >= 0 && needs(SOCKTAP_FIELD_SOCK)) {
    struct socket* made = NULL;
    bpf_probe_read_kernel(&made, sizeof(made), (void*)arguments[4]);
    if (made) occurrence.socket.sock = socket_inode(made);
  }
  if (needs(SOCKTAP_FIELD_FAMILY)) occurrence.socket.family = (int)arguments[1];
  if (needs(SOCKTAP_FIELD_TYPE)) occurrence.socket.type = (int)arguments[2];
  if (needs(SOCKTAP_FIELD_PROTOCOL)) occurrence.socket.protocol = (int)arguments[3];
  if (needs(SOCKTAP_FIELD_NETNS))
    occurrence.socket.netns = FETCH((struct net*)arguments[0], ns.inum);
  occurrence.requester = (int)arguments[5] != 0;
  occurrence.err = concludes ? result : 0;
  occurrence.success = concludes && result >= 0;
  tell(&occurrence);
  return 0; /* nothing else may be returned */
}

SEC("socktap/fentry/__sock_create")
int enter___sock_create(__u64* ctx) {
  FENTRY_ARGUMENTS(arguments, CREATE_ARGUMENTS);
  return creation(arguments, SOCKTAP_BEGIN, 0);
}
SEC("socktap/fexit/__sock_create")
int leave___sock_create(__u64* ctx) {
  FENTRY_ARGUMENTS(arguments, CREATE_ARGUMENTS);
  return creation(arguments, SOCKTAP_CONCLUSION, ctx[CREATE_ARGUMENTS]);
}

/* Some families make another socket within: the innermost returns first. */
#define MOST_NESTED_CREATES 4
struct kept_create {
  __u64 arguments[MOST_ARGUMENTS];
  __u64 stack; /* pointer at the entry */
};
struct create_key {
  __u32 tid;
  __u32 depth;
};
struct kept_creates {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, struct create_key);
  __type(value, struct kept_create);
};
struct kept_creates kept_creates SEC(".maps");

/* The one that was entered last and has not returned. What lies below `stack` has: its return was
 * not seen. */
static __always_inline struct kept_create* innermost_create(struct create_key* key, __u64 stack) {
#pragma unroll
  for (int depth = MOST_NESTED_CREATES - 1; depth >= 0; depth--) {
    key->depth = depth;
    struct kept_create* kept = bpf_map_lookup_elem(&kept_creates, key);
    if (!kept) continue;
    if (kept->stack > stack) return kept;
    bpf_map_delete_elem(&kept_creates, key);
  }
  return NULL;
}

SEC("socktap/kprobe/__sock_create")
int probe___sock_create(struct pt_regs* ctx) {
  struct kept_create kept = {.stack = stack_pointer_in(ctx)};
  function_arguments_in(ctx, kept.arguments);
  struct create_key key = {.tid = current_thread()};
  key.depth = innermost_create(&key, kept.stack) ? key.depth + 1 : 0;
  if (key.depth == MOST_NESTED_CREATES || bpf_map_update_elem(&kept_creates, &key, &kept, BPF_ANY))
    count_missed();
  return creation(kept.arguments, SOCKTAP_BEGIN, 0);
}
SEC("socktap/kretprobe/__sock_create")
int unprobe___sock_create(struct pt_regs* ctx) {
  struct create_key key = {.tid = current_thread()};
  const struct kept_create* known = innermost_create(&key, 0);
  if (!known) {
    count_missed();
    return 0;
  }
  const struct kept_create kept = *known;
  bpf_map_delete_elem(&kept_creates, &key);
  return creation(kept.arguments, SOCKTAP_CONCLUSION, function_result_in(ctx));
}
