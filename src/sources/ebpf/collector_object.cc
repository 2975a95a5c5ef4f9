#include <linux/types.h>
// linux/types.h first

#include <bpf/libbpf.h>

#include "sources/ebpf/collector_object.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#include "sources/ebpf/collectors.skel.h"
#include "sources/ebpf/older_collectors.skel.h"
#pragma GCC diagnostic pop

namespace socktap::sources::ebpf {
namespace {

template <typename Skeleton>
class SkeletonObject final : public CollectorObject {
 public:
  explicit SkeletonObject(Skeleton* skeleton) : skeleton_(skeleton) {}
  ~SkeletonObject() override { Skeleton::destroy(skeleton_); }
  SkeletonObject(const SkeletonObject&) = delete;
  SkeletonObject& operator=(const SkeletonObject&) = delete;

  int load() override { return Skeleton::load(skeleton_); }
  bpf_object* get() const override { return skeleton_->obj; }
  CollectorVariables variables() const override {
    return {.settings = &skeleton_->rodata->settings,
            .call_settings = &skeleton_->rodata->call_settings,
            .stage = &skeleton_->bss->stage,
            .lost_on_new_cpus = &skeleton_->bss->lost_on_new_cpus,
            .unsettled = &skeleton_->bss->unsettled,
            .taken_over = skeleton_->bss->taken_over};
  }

 private:
  Skeleton* skeleton_;
};

template <typename Skeleton>
std::unique_ptr<CollectorObject> open_skeleton(const bpf_object_open_opts& options) {
  Skeleton* skeleton = Skeleton::open(&options);
  return skeleton ? std::make_unique<SkeletonObject<Skeleton>>(skeleton) : nullptr;
}

}  // namespace

std::unique_ptr<CollectorObject> open_collectors(bool older, const bpf_object_open_opts& options) {
  return older ? open_skeleton<socktap_older_collectors>(options)
               : open_skeleton<socktap_collectors>(options);
}

}  // namespace socktap::sources::ebpf
