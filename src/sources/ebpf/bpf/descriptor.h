/* From a descriptor of the current task to the socket behind it, if there is one. */
#pragma once

#include "access.h"

#define MOST_DESCRIPTORS (1U << 22) /* of a process that are looked at */

static __always_inline struct fdtable* descriptors_of(struct task_struct* task) {
  return FETCH(task, files, fdt);
}

static __always_inline struct file* file_at(struct fdtable* table, __u32 descriptor) {
  if (descriptor >= FETCH(table, max_fds)) return NULL;
  struct file** files = FETCH(table, fd);
  struct file* file = NULL;
  bpf_probe_read_kernel(&file, sizeof(file), files + descriptor);
  return file;
}

static __always_inline bool is_type(struct file* file, __u32 type) {
  return file && (FETCH(file, f_inode, i_mode) & S_IFMT) == type;
}

/* Opened with O_PATH, the name of a UNIX socket is a file of that type too, but no socket. */
static __always_inline struct socket* socket_of(struct file* file) {
  return is_type(file, S_IFSOCK) ? FETCH(file, private_data) : NULL;
}

static __always_inline __s64 references_of(struct file* file) {
  if (bpf_core_field_exists(file->f_ref)) return FETCH(file, f_ref.refcnt.counter) + 1;
  return FETCH((struct file___before_6_13*)file, f_count.counter);
}

/* Since 6.13 a file without references may still get one; then it is marked dead, below 0. */
static __always_inline bool is_gone(struct file* file) {
  return references_of(file) < (bpf_core_field_exists(file->f_ref) ? 0 : 1);
}
