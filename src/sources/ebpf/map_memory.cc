#include "sources/ebpf/map_memory.h"

#include <bpf/libbpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

namespace socktap::sources::ebpf {

MapMemory::MapMemory(MapMemory&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)), length_(other.length_) {}

MapMemory& MapMemory::operator=(MapMemory&& other) noexcept {
  std::swap(address_, other.address_);
  std::swap(length_, other.length_);
  return *this;
}

MapMemory::~MapMemory() {
  if (address_) ::munmap(address_, length_);
}

std::size_t MapMemory::page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

Result<MapMemory> MapMemory::of_whole(const bpf_map* map, bool writable) {
  const std::size_t length = std::size_t{bpf_map__max_entries(map)} * bpf_map__value_size(map);
  const std::size_t pages = (length + page_size() - 1) / page_size();
  return of_part(map, {.offset = 0, .length = pages * page_size(), .writable = writable});
}

Result<MapMemory> MapMemory::of_page(const bpf_map* map, std::size_t offset) {
  const std::size_t page = offset / page_size() * page_size();
  return of_part(map, {.offset = page, .length = page_size(), .writable = true});
}

Result<MapMemory> MapMemory::of_part(const bpf_map* map, Part part) {
  void* address = ::mmap(nullptr, part.length, PROT_READ | (part.writable ? PROT_WRITE : 0),
                         MAP_SHARED, bpf_map__fd(map), static_cast<off_t>(part.offset));
  if (address == MAP_FAILED)
    return system_failure("cannot map the memory of " + std::string(bpf_map__name(map)), errno);
  return MapMemory(address, part.length);
}

}  // namespace socktap::sources::ebpf
