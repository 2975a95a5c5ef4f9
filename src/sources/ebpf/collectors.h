// The kernel side, loaded: opens the object, leaves out what a run does not need, attaches, and
// maps the memory that both sides share.
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "sources/ebpf/collector_abi.h"
#include "sources/ebpf/collector_object.h"
#include "sources/ebpf/kernel_types.h"
#include "sources/ebpf/map_memory.h"
#include "sources/ebpf/request.h"
#include "sources/ebpf/strategy.h"

struct bpf_link;
struct bpf_map;

namespace socktap::sources::ebpf {

class Collectors {
 public:
  // What the kernel's types are asked for; functions only if programs may be at their entries.
  // `file`: has them, if the kernel itself has not.
  static Result<KernelTypes> kernel_types(bool with_functions, const std::string& file);

  // Loads the programs of the request's strategies. Nothing runs yet.
  static Result<Collectors> load(const Request& request, const KernelTypes& types);

  Collectors(Collectors&&) noexcept;
  Collectors& operator=(Collectors&&) noexcept;
  ~Collectors();

  // Attaches the strategy's programs, but for those that another one has attached.
  Result<void> attach(const Strategy& strategy);
  void detach();  // what is recorded stays readable

  void set_stage(socktap_stage stage);
  Result<void> trace(pid_t process);  // adds one to the scope; only if the request was scoped

  std::span<socktap_cpu> cpus() const;
  std::span<const std::byte> slots() const;
  std::size_t record_size() const { return record_size_; }
  // What the script's part keeps, of each CPU in turn; empty: nothing.
  std::span<std::byte> script_memory() const;
  std::uint64_t lost_on_new_cpus() const;

  // Sockets that processes which are ending may have released, which is told when they are gone.
  std::uint64_t unsettled_releases() const;

  // How often the kernel skipped a program that makes events because it was already running on that
  // CPU, and no twin took over.
  std::uint64_t recursion_misses() const;

 private:
  struct DestroyLink {
    void operator()(bpf_link* link) const;
  };

  explicit Collectors(std::unique_ptr<CollectorObject> object);
  void configure(const Request& request, const KernelTypes& types);
  bpf_map* map_named(const char* name) const;
  void resize(const char* map, std::uint32_t entries);
  void create_only_if(const char* map, bool wanted);
  Result<void> map_shared_memory();

  std::unique_ptr<CollectorObject> object_;
  CollectorVariables variables_;
  std::vector<std::unique_ptr<bpf_link, DestroyLink>> links_;
  std::set<std::string_view> attached_;
  std::set<std::string_view> skippable_;  // whose skips lose an event
  MapMemory cpus_;
  MapMemory slots_;
  MapMemory script_memory_;
  std::size_t script_memory_size_ = 0;  // of one CPU
  std::uint32_t cpu_count_ = 0;
  std::uint32_t ring_slots_ = 0;
  std::size_t record_size_ = sizeof(Event);
};

// The number of rings: one for each CPU up to the last that is online.
std::uint32_t ring_count();

// Eight megabytes for all CPUs, but at least one for each: that is eight milliseconds at a million
// events a second on each.
std::size_t default_ring_bytes(std::uint32_t rings);

}  // namespace socktap::sources::ebpf
