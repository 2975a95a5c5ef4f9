#include "ebpf/kernel_test.h"

#include <fmt/format.h>
#include <linux/bpf.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include "ebpf/disassemble.h"
#include "ebpf/marshal.h"

namespace socktap::ebpf::kernel {
namespace {

int bpf(bpf_cmd command, bpf_attr& attributes) {
  return static_cast<int>(::syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

std::uint64_t address(const void* place) { return reinterpret_cast<std::uintptr_t>(place); }

bpf_attr element(const UniqueFd& map, const std::uint32_t& key, const void* value) {
  bpf_attr attributes{};
  attributes.map_fd = static_cast<__u32>(map.get());
  attributes.key = address(&key);
  attributes.value = address(value);
  return attributes;
}

std::string last_words(std::string_view log) {
  constexpr std::size_t enough = 600;
  return std::string(log.substr(log.size() - std::min(log.size(), enough)));
}

}  // namespace

Result<UniqueFd> new_map(std::uint32_t type, std::uint32_t value_size, std::uint32_t entries,
                         std::uint32_t flags, std::uint32_t key_size) {
  bpf_attr attributes{};
  attributes.map_type = type;
  attributes.key_size = key_size;
  attributes.value_size = value_size;
  attributes.max_entries = entries;
  attributes.map_flags = flags;
  UniqueFd map(bpf(BPF_MAP_CREATE, attributes));
  if (!map.valid()) return system_failure("cannot create a map", errno);
  return map;
}

MapMemory::MapMemory(const UniqueFd& map, std::size_t size) {
  void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, map.get(), 0);
  if (address != MAP_FAILED) bytes_ = {static_cast<std::byte*>(address), size};
}

MapMemory::~MapMemory() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

Result<Cells> read(const UniqueFd& map, std::uint32_t key) {
  Cells cells{};
  bpf_attr attributes = element(map, key, cells.data());
  if (bpf(BPF_MAP_LOOKUP_ELEM, attributes) != 0) return system_failure("cannot read a map", errno);
  return cells;
}

Result<void> write(const UniqueFd& map, std::uint32_t key, const void* value) {
  bpf_attr attributes = element(map, key, value);
  if (bpf(BPF_MAP_UPDATE_ELEM, attributes) != 0) return system_failure("cannot write a map", errno);
  return {};
}

Result<UniqueFd> load(const Program& program, std::span<const int> maps) {
  auto marshalled = marshal(program);
  if (!marshalled) return tl::unexpected(marshalled.error());
  for (const Relocation& relocation : marshalled->relocations) {
    marshalled->instructions[relocation.at].imm = maps[relocation.map];
  }
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insns = address(marshalled->instructions.data());
  attributes.insn_cnt = static_cast<__u32>(marshalled->instructions.size());
  attributes.license = address("Dual BSD/GPL");
  UniqueFd loaded(bpf(BPF_PROG_LOAD, attributes));
  if (loaded.valid()) return loaded;
  std::vector<char> log(1 << 24);
  attributes.log_buf = address(log.data());
  attributes.log_size = static_cast<__u32>(log.size());
  attributes.log_level = 1;
  bpf(BPF_PROG_LOAD, attributes);
  return system_failure("cannot load\n" + disassemble(program) + last_words(log.data()), errno);
}

Result<std::uint32_t> run(const UniqueFd& program) {
  const unsigned char packet[64] = {};
  bpf_attr attributes{};
  attributes.test.prog_fd = static_cast<__u32>(program.get());
  attributes.test.data_in = address(packet);
  attributes.test.data_size_in = sizeof packet;
  if (bpf(BPF_PROG_TEST_RUN, attributes) != 0) return system_failure("cannot run", errno);
  return attributes.test.retval;
}

}  // namespace socktap::ebpf::kernel
