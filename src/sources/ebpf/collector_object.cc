#include <linux/types.h>
// linux/types.h first

#include <bpf/libbpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "sources/ebpf/collector_object.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wshadow"
#include "sources/ebpf/collectors.skel.h"
#include "sources/ebpf/older_collectors.skel.h"
#pragma GCC diagnostic pop

namespace socktap::sources::ebpf {
namespace {

// A part of our own file that has been read: its pages need not count as our memory any longer.
void let_go_of(const void* bytes, std::size_t size) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(bytes) + page - 1) / page * page;
  const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(bytes) + size) / page * page;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): it came of one
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

template <typename Skeleton>
class SkeletonObject final : public CollectorObject {
 public:
  explicit SkeletonObject(Skeleton* skeleton) : skeleton_(skeleton) {}
  ~SkeletonObject() override { Skeleton::destroy(skeleton_); }
  SkeletonObject(const SkeletonObject&) = delete;
  SkeletonObject& operator=(const SkeletonObject&) = delete;

  int load() override {
    const int refused = Skeleton::load(skeleton_);
    std::size_t size = 0;
    const void* image = Skeleton::elf_bytes(&size);
    let_go_of(image, size);
    return refused;
  }
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
