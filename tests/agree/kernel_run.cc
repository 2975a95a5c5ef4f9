#include "kernel_run.h"

#include <gtest/gtest.h>
#include <linux/bpf.h>

#include <array>
#include <cstddef>
#include <cstring>

#include "ebpf/disassemble.h"
#include "ebpf/partials.h"
#include "ebpf/settled_values.h"
#include "machine_run.h"

namespace socktap::test {
namespace {

using ebpf::Register;

// What the harness is told besides the record.
struct Task {
  std::array<std::byte, filterable_size> event;
  std::uint64_t cpu;
};

UniqueFd new_map(std::size_t value_size, std::uint32_t flags) {
  auto map =
      ebpf::kernel::new_map(BPF_MAP_TYPE_ARRAY, static_cast<std::uint32_t>(value_size), 1, flags);
  EXPECT_TRUE(map);
  return map ? std::move(*map) : UniqueFd();
}

socktap_script_header& header_of(std::span<std::byte> memory) {
  return *reinterpret_cast<socktap_script_header*>(memory.data());
}

}  // namespace

KernelRun::KernelRun(ebpf::Program part, const plan::Plan& plan, const ebpf::MemoryLayout& layout)
    : plan_(plan),
      layout_(layout),
      memory_size_(std::max<std::size_t>(layout.size, sizeof(socktap_script_header))),
      record_(new_map(sizeof(Task), 0)),
      memory_(new_map(memory_size_ * cpus, BPF_F_MMAPABLE)) {
  mapped_.emplace(memory_, memory_size_ * cpus);
  EXPECT_FALSE(mapped_->bytes().empty());
  ebpf::Builder builder;
  std::vector<int> maps;
  for (const plan::ThreadArray& array : plan.tables.thread_arrays) {
    auto map = ebpf::kernel::new_map(BPF_MAP_TYPE_HASH, sizeof(__u64), array.capacity, 0,
                                     ebpf::size_of(array.key));
    EXPECT_TRUE(map);
    thread_maps_.push_back(map ? std::move(*map) : UniqueFd());
    maps.push_back(thread_maps_.back().get());
  }
  const auto own_maps = static_cast<std::uint32_t>(maps.size());
  maps.insert(maps.end(), {record_.get(), memory_.get()});
  builder.emit(ebpf::LoadMapValue{Register::r1, own_maps, 0});
  builder.emit(ebpf::LoadMapValue{Register::r2, own_maps + 1, 0});
  builder.emit(ebpf::Load{ebpf::Size::u64, Register::r3, Register::r1, offsetof(Task, cpu)});
  builder.emit(ebpf::Alu{ebpf::AluOperator::bitwise_and, Register::r3, cpus - 1});
  builder.emit(ebpf::Alu{ebpf::AluOperator::multiply, Register::r3,
                         static_cast<std::int64_t>(memory_size_)});
  builder.emit(ebpf::Alu{ebpf::AluOperator::add, Register::r2, Register::r3});
  const std::uint32_t before = builder.here();
  ebpf::Program whole = builder.finish();
  for (ebpf::Binding& binding : part.bindings) binding.at += before;
  std::ranges::move(part.lines, std::back_inserter(whole.lines));
  whole.bindings = std::move(part.bindings);
  whole.lines.push_back({ebpf::Exit{}, "", {}});
  text_ = ebpf::disassemble(whole);
  auto loaded = ebpf::kernel::load(whole, maps);
  EXPECT_TRUE(loaded) << loaded.error().message;
  if (loaded) program_ = std::move(*loaded);
}

std::uint32_t KernelRun::handle(const Event& event, unsigned as_cpu) {
  Task task{{}, as_cpu};
  std::memcpy(task.event.data(), &reinterpret_cast<const WholeEvent&>(event), task.event.size());
  EXPECT_TRUE(ebpf::kernel::write(record_, 0, &task));
  const auto answer = ebpf::kernel::run(program_);
  EXPECT_TRUE(answer);
  return answer ? *answer : 0;
}

void KernelRun::settle(const plan::SettledValues& values) {
  for (unsigned cpu = 0; cpu < cpus; ++cpu) {
    ebpf::write_settled(plan_, layout_, values, secret, memory_of(cpu));
    header_of(memory_of(cpu)).realtime_offset = realtime_offset;
  }
}

plan::Partials KernelRun::take() {
  plan::Partials partials;
  for (unsigned cpu = 0; cpu < cpus; ++cpu) {
    const std::span<std::byte> memory = memory_of(cpu);
    header_of(memory).epoch = 1 - copy_;
    ebpf::take_partials(plan_, layout_, memory, copy_, partials);
  }
  copy_ = 1 - copy_;
  return partials;
}

std::span<std::byte> KernelRun::memory_of(unsigned cpu) const {
  return mapped_->bytes().subspan(cpu * memory_size_, memory_size_);
}

}  // namespace socktap::test
