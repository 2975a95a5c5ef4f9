// The eBPF object that the collectors are in: the usual one, or the one for kernels that lack what
// that is made of.
#pragma once

#include <memory>

#include "sources/ebpf/collector_abi.h"

struct bpf_object;
struct bpf_object_open_opts;

namespace socktap::sources::ebpf {

// The programs' variables. The first two are constant once the object is loaded.
struct CollectorVariables {
  socktap_settings* settings = nullptr;
  socktap_call_settings* call_settings = nullptr;
  __u32* stage = nullptr;
  __u64* lost_on_new_cpus = nullptr;
  __u64* unsettled = nullptr;
  __u64* taken_over = nullptr;  // SOCKTAP_TWINS of them
};

class CollectorObject {
 public:
  virtual ~CollectorObject() = default;
  virtual int load() = 0;  // 0 or the negative errno
  virtual bpf_object* get() const = 0;
  virtual CollectorVariables variables() const = 0;  // elsewhere once it is loaded
};

// nullptr and errno if it cannot be opened.
std::unique_ptr<CollectorObject> open_collectors(bool older, const bpf_object_open_opts& options);

}  // namespace socktap::sources::ebpf
