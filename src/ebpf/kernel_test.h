// The running kernel, for tests: maps and small programs through bpf(2), without libbpf.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "base/unique_fd.h"
#include "ebpf/program.h"

namespace socktap::ebpf::kernel {

// What programs work on: an array map's only element, 64 bytes.
using Cells = std::array<std::uint64_t, 8>;

// Errors carry errno.
Result<UniqueFd> new_map(std::uint32_t type, std::uint32_t value_size, std::uint32_t entries,
                         std::uint32_t flags = 0, std::uint32_t key_size = 4);

// The memory of an array map that was made with BPF_F_MMAPABLE.
class MapMemory {
 public:
  MapMemory(const UniqueFd& map, std::size_t size);
  ~MapMemory();
  MapMemory(const MapMemory&) = delete;
  MapMemory& operator=(const MapMemory&) = delete;

  std::span<std::byte> bytes() const { return bytes_; }  // none: it could not be mapped

 private:
  std::span<std::byte> bytes_;
};
Result<Cells> read(const UniqueFd& map, std::uint32_t key);
Result<void> write(const UniqueFd& map, std::uint32_t key, const void* value);

// Marshals the program, with maps[i] for map i, and loads it as a socket filter. The error has the
// verifier's last words.
Result<UniqueFd> load(const Program& program, std::span<const int> maps);

// Runs it once on an empty packet; what it returned.
Result<std::uint32_t> run(const UniqueFd& program);

}  // namespace socktap::ebpf::kernel
