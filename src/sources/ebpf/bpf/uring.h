/* Which path an io_uring operation is on. In a kernel worker the worker's current request tells.
 * On the submitter's own thread nothing points to the request, so two tracepoints remember it just
 * before it is tried: one when it is submitted, one when its file is looked up. A first try that
 * ends in -EAGAIN is no message. Its path is remembered by socket and direction, and the retry,
 * which the task makes on its way out of some other call, finds it there.
 */
#pragma once

#include "access.h"
#include "settings.h"

struct submission {
  __u8 opcode;  /* of the request that is tried next */
  __u8 pending; /* no message has come of it yet */
  __u8 in_link; /* the next submission continues a chain, which is tried from its head */
};

struct uring_submissions {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, __u32); /* the root namespace's thread id */
  __type(value, struct submission);
};
struct retry_key {
  struct sock* sk;
  __u64 direction;
};
struct uring_retries {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, 4096);
  __type(key, struct retry_key);
  __type(value, __u8); /* path */
};
extern struct uring_submissions uring_submissions SEC(".maps");
extern struct uring_retries uring_retries SEC(".maps");

static __always_inline __u8 path_of_opcode(__u8 opcode, int direction) {
  if (opcode >= SOCKTAP_OPCODES) return SOCKTAP_PATH_NONE;
  return settings.path_of_opcode[direction][opcode];
}

/* Where the kernel does not let us tell, an operation counts as the socket calls'. */
static __always_inline __u8 untold_path(int direction) {
  return direction == SOCKTAP_SEND ? SOCKTAP_PATH_SENDMSG : SOCKTAP_PATH_RECVMSG;
}

static __always_inline struct io_worker* worker_of(struct task_struct* task) {
  if (bpf_core_field_exists(task->worker_private)) return KNOWN(task, worker_private);
  if (bpf_core_field_exists(task->pf_io_worker)) return KNOWN(task, pf_io_worker);
  return NULL;
}

static __always_inline __u8 path_of_worker(struct task_struct* task, int direction) {
  if (!bpf_core_field_exists(struct io_worker, cur_work) ||
      !bpf_core_field_exists(struct io_kiocb, opcode))
    return SOCKTAP_PATH_NONE;
  struct io_worker* worker = worker_of(task);
  if (!worker) return SOCKTAP_PATH_NONE;
  struct io_wq_work* work = FETCH(worker, cur_work);
  if (!work) return SOCKTAP_PATH_NONE;
  struct io_kiocb* request = (void*)work - bpf_core_field_offset(struct io_kiocb, work);
  return path_of_opcode(FETCH(request, opcode), direction);
}

/* The path of a message that io_uring makes now; none: it was an attempt and is no message. */
static __always_inline __u8 path_of_uring(struct task_struct* task, struct sock* sk, int result,
                                          int direction) {
  if (!settings.tell_opcodes) return result == -EAGAIN ? SOCKTAP_PATH_NONE : untold_path(direction);

  __u8 path = SOCKTAP_PATH_NONE;
  if (KNOWN(task, flags) & PF_IO_WORKER) path = path_of_worker(task, direction);
  if (!path) {
    __u32 tid = KNOWN(task, pid);
    struct submission* submission = bpf_map_lookup_elem(&uring_submissions, &tid);
    if (submission && submission->pending) {
      path = path_of_opcode(submission->opcode, direction);
      if (path) submission->pending = 0;
    }
  }
  const struct retry_key key = {sk, direction};
  if (!path) {
    const __u8* remembered = bpf_map_lookup_elem(&uring_retries, &key);
    path = remembered ? *remembered : untold_path(direction);
  }
  if (result == -EAGAIN) {
    bpf_map_update_elem(&uring_retries, &key, &path, BPF_ANY);
    return SOCKTAP_PATH_NONE;
  }
  bpf_map_delete_elem(&uring_retries, &key); /* the next socket at this address is another */
  return path;
}
