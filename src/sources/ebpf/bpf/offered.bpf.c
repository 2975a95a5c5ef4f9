/* How many bytes a call offers to send, or asks room for. */
#include "offered.h"

struct user_message {
  __u64 name;
  __u64 name_length;
  __u64 vectors;
  __u64 count;
};
struct compat_message {
  __u32 name;
  __u32 name_length;
  __u32 vectors;
  __u32 count;
};

struct vector_sum {
  __u64 vectors; /* where they are */
  __s64 total;
  bool compat;
};

/* The length is read into a word that was cleared before. Without that the verifier would know
 * nothing of the word, track its bounds through every turn of the loop, and give up. */
static long add_vector(__u32 index, void* data) {
  struct vector_sum* sum = data;
  __u64 length = 0;
  long refused;
  if (sum->compat)
    refused = bpf_probe_read_user(&length, 4, (void*)(sum->vectors + index * 8 + 4));
  else
    refused = bpf_probe_read_user(&length, 8, (void*)(sum->vectors + index * 16 + 8));
  if (refused) {
    sum->total = SIZE_UNREADABLE;
    return 1;
  }
  sum->total += length;
  return 0;
}

static __always_inline __s64 capped(__u64 size) {
  return size > MAX_RW_COUNT ? MAX_RW_COUNT : size;
}

static __always_inline __s64 size_of_vectors(__u64 vectors, __u64 count, bool compat) {
  struct vector_sum sum = {.vectors = vectors, .compat = compat};
  if (count == 0) return 0;
  if (count == 1) {
    add_vector(0, &sum);
  } else if (count <= UIO_MAXIOV && bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_loop)) {
    bpf_loop(count, add_vector, &sum, 0);
  } else {
    return SIZE_UNREADABLE;
  }
  return sum.total < 0 ? SIZE_UNREADABLE : capped(sum.total);
}

static __always_inline __s64 size_of_message(__u64 message, bool compat) {
  if (compat) {
    struct compat_message header;
    if (bpf_probe_read_user(&header, sizeof(header), (void*)message)) return SIZE_UNREADABLE;
    return size_of_vectors(header.vectors, header.count, true);
  }
  struct user_message header;
  if (bpf_probe_read_user(&header, sizeof(header), (void*)message)) return SIZE_UNREADABLE;
  return size_of_vectors(header.vectors, header.count, false);
}

__noinline long offered_size(const struct call* call) {
  if (!call) return SIZE_UNREADABLE;
  switch (call->kind) {
    case SOCKTAP_CALL_SENDMSG:
    case SOCKTAP_CALL_SENDMMSG: /* the first message's header is what the array begins with */
    case SOCKTAP_CALL_RECVMSG:
    case SOCKTAP_CALL_RECVMMSG:
      return size_of_message(call->argument[1], call->compat);
    case SOCKTAP_CALL_WRITEV:
    case SOCKTAP_CALL_PWRITEV2:
    case SOCKTAP_CALL_READV:
    case SOCKTAP_CALL_PREADV2:
      return size_of_vectors(call->argument[1], call->argument[2], call->compat);
    case SOCKTAP_CALL_SENDFILE:
      return capped(call->argument[3]);
    case SOCKTAP_CALL_SPLICE:
      return capped(call->argument[4]);
    default:
      return capped(call->argument[2]);
  }
}
