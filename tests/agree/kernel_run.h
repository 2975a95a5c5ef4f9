// The part of a script that runs where events arise, in the running kernel: over a record that a
// test puts there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "ebpf/kernel_test.h"
#include "ebpf/program.h"
#include "ebpf/script_memory.h"
#include "event/event.h"
#include "plan/partial.h"
#include "plan/plan.h"

namespace socktap::test {

class KernelRun {
 public:
  static constexpr unsigned cpus = 2;
  static constexpr std::uint64_t secret = 7;  // that the part was compiled with

  // Plan and layout must outlive it; a plan that keeps nothing has an empty layout.
  KernelRun(ebpf::Program part, const plan::Plan& plan, const ebpf::MemoryLayout& layout);

  // What the part answers: SOCKTAP_SCRIPT_ bits. The event is part of a WholeEvent. `as_cpu`, below
  // `cpus`: whose memory it has.
  std::uint32_t handle(const Event& event, unsigned as_cpu = 0);

  // Tells the part what the globals are that only begin handlers write.
  void settle(const plan::SettledValues& values);

  // What was kept since the last call; from then on the other copy of the tables is used.
  plan::Partials take();

  const std::string& text() const { return text_; }  // the part, disassembled

 private:
  std::span<std::byte> memory_of(unsigned cpu) const;

  const plan::Plan& plan_;
  const ebpf::MemoryLayout& layout_;
  std::size_t memory_size_;
  unsigned copy_ = 0;
  UniqueFd record_;
  UniqueFd memory_;
  std::vector<UniqueFd> thread_maps_;
  std::optional<ebpf::kernel::MapMemory> mapped_;
  UniqueFd program_;
  std::string text_;
};

}  // namespace socktap::test
