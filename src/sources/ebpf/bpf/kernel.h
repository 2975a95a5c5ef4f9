/* The kernel's types as far as the collectors touch them. Kept by hand: libbpf finds the running
 * kernel's offsets when it loads (CO-RE), so only names and types matter here, and the build needs
 * no kernel headers and no BTF. A field that some kernels lack is read behind
 * bpf_core_field_exists.
 */
#pragma once

typedef unsigned char __u8;
typedef signed char __s8;
typedef unsigned short __u16;
typedef short __s16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void*)0)

enum {
  BPF_MAP_TYPE_HASH = 1,
  BPF_MAP_TYPE_ARRAY = 2,
  BPF_MAP_TYPE_PERCPU_ARRAY = 6,
  BPF_MAP_TYPE_LRU_HASH = 9,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_EXIST = 2 };
enum { BPF_F_MMAPABLE = 1 << 10 };

enum { BPF_F_NO_PREALLOC = 1 << 0 };
enum bpf_func_id { BPF_FUNC_loop = 181 };

#include <bpf/bpf_helpers.h>
/* bpf_helpers.h first */
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "../../../event/wire.h"
#include "../collector_abi.h"

_Static_assert(sizeof(struct socktap_record) == 128, "the loader and event/event.cc rely on it");
_Static_assert(__builtin_offsetof(struct socktap_tail, call) == sizeof(struct socktap_first_tail),
               "what programs put aside is the record and the first part of its tail");
_Static_assert(sizeof(struct socktap_cpu) == 128, "two cache lines: the writer's, the reader's");

#define EAGAIN 11
#define ENOENT 2
#define EEXIST 17
#define ENOSYS 38

#define PF_IO_WORKER 0x00000010
#define PF_KTHREAD 0x00200000
#define TS_COMPAT 0x0002 /* x86 */

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFIFO 0010000
#define SOCK_TYPE_MASK 0xf
#define SOCK_NONBLOCK 04000
#define SOCK_CLOEXEC 02000000
#define MAX_RW_COUNT 0x7ffff000
#define UIO_MAXIOV 1024

#define EBADF 9
#define ENOMEM 12
#define EACCES 13
#define EFAULT 14
#define EINVAL 22
#define ENFILE 23
#define EMFILE 24
#define EOPNOTSUPP 95
#define EAFNOSUPPORT 97

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define AF_FAMILIES 46
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_TYPES 11
#define AF_NETLINK 16
#define AF_BLUETOOTH 31

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
  int counter;
} atomic_t;
typedef struct {
  __s64 counter;
} atomic64_t;

struct upid {
  int nr;
  struct pid_namespace* ns;
};
struct ns_common {
  unsigned int inum;
};
struct pid_namespace {
  struct ns_common ns;
};
struct net {
  struct ns_common ns;
};
typedef struct {
  struct net* net;
} possible_net_t;
struct nsproxy {
  struct net* net_ns;
};
struct pid {
  unsigned int level;
  struct upid numbers[1];
};

typedef struct {
  unsigned int val;
} kuid_t;
typedef struct {
  unsigned int val;
} kgid_t;
struct cred {
  kuid_t uid;
  kgid_t gid;
  kuid_t euid;
  kgid_t egid;
};

struct thread_info {
#if defined(SOCKTAP_ARCH_ARM64)
  unsigned long flags;
#else
  __u32 status;
#endif
};

enum { PIDTYPE_PID = 0, PIDTYPE_TGID = 1 };
struct signal_struct {
  atomic_t live;
  int nr_threads;
  struct pid* pids[4];
};

struct fred_info { /* x86, 6.9 */
  unsigned long edata;
};
struct vm_struct {
  unsigned int nr_pages;
};

struct task_struct {
  void* stack;
  struct vm_struct* stack_vm_area; /* if stacks are mapped, as they usually are */
  unsigned int __state;            /* 5.14 */
  struct thread_info thread_info;
  unsigned int flags;
  int exit_state;
  int pid;
  int tgid;
  struct task_struct* real_parent;
  struct task_struct* group_leader;
  __u64 start_time;
  struct pid* thread_pid;
  const struct cred* cred;
  char comm[16];
  struct files_struct* files;
  struct nsproxy* nsproxy; /* NULL on its way out */
  struct signal_struct* signal;
  void* cgroups;        /* where the kernel has them */
  void* worker_private; /* 5.17; struct io_worker of a PF_IO_WORKER */
  void* pf_io_worker;   /* the same, 5.12 to 5.16 */
};

struct task_struct___before_5_14 {
  long state;
};

#if defined(SOCKTAP_ARCH_ARM64)
struct pt_regs {
  __u64 regs[31];
  __u64 sp;
  __u64 orig_x0;
  int syscallno;
};
#else
struct pt_regs { /* x86 */
  unsigned long r10;
  unsigned long r9;
  unsigned long r8;
  unsigned long ax;
  unsigned long bx;
  unsigned long cx;
  unsigned long dx;
  unsigned long si;
  unsigned long di;
  unsigned long bp;
  unsigned long orig_ax;
  unsigned long sp;
};
#endif

typedef struct {
  atomic64_t refcnt;
} file_ref_t;
struct file {
  void* private_data;
  unsigned int f_flags;
  struct inode* f_inode;
  file_ref_t f_ref; /* 6.13: references less one */
};
struct file___before_6_13 {
  atomic64_t f_count;
};
struct kiocb {
  struct file* ki_filp;
};
struct fdtable {
  unsigned int max_fds;
  struct file** fd;
  unsigned long* close_on_exec;
  unsigned long* open_fds;
};
struct files_struct {
  atomic_t count;
  struct fdtable* fdt;
};

struct inode {
  unsigned short i_mode;
  unsigned long i_ino;
};
struct proto_ops {
  int family;
  void* splice_read;
};
struct socket_wq {
  unsigned long flags;
};
typedef enum { SS_FREE = 0, SS_UNCONNECTED = 1, SS_CONNECTED = 3 } socket_state;
enum { TCP_ESTABLISHED = 1 };
struct socket {
  socket_state state;
  short type;
  unsigned long flags;
  struct file* file;
  struct sock* sk;
  const struct proto_ops* ops;
  struct socket_wq wq;
};
struct socket_alloc {
  struct socket socket;
  struct inode vfs_inode;
};
struct in6_addr {
  __u8 bytes[16];
};
struct sock_common {
  unsigned short skc_family;
  volatile unsigned char skc_state;
  __be16 skc_dport;
  __be32 skc_daddr;
  __be32 skc_rcv_saddr;
  struct in6_addr skc_v6_daddr; /* where the kernel has IPv6 */
  struct in6_addr skc_v6_rcv_saddr;
  possible_net_t skc_net;
};
struct sock {
  struct sock_common __sk_common;
  struct socket* sk_socket;
  __u16 sk_protocol;
  __u8 sk_scm_credentials : 1; /* these four: 6.16 */
  __u8 sk_scm_security : 1;
  __u8 sk_scm_pidfd : 1;
  __u8 sk_scm_rights : 1;
};

struct inet_sock {
  __be16 inet_sport;
};

struct sockaddr_un {
  char sun_path[SOCKTAP_UNIX_PATH_LENGTH];
};
struct unix_address {
  int len; /* of the address with its family */
  struct sockaddr_un name[1];
};
struct unix_sock {
  struct unix_address* addr;
  struct sock* peer;
};

struct net_device {
  char name[16];
};
struct sk_buff {
  struct net_device* dev;
  unsigned int len;
  unsigned int data_len; /* of that, what is not at `data` */
  unsigned int truesize;
  unsigned char* data;
  __u8 pkt_type : 3;
  __u16 protocol; /* network byte order */
};

struct io_wq_work {
  int cancel_seq;
};
struct io_worker {
  struct io_wq_work* cur_work;
};
struct io_kiocb {
  __u8 opcode;
  __u64 flags;
  struct io_wq_work work;
};

#pragma clang attribute pop
