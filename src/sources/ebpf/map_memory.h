// Memory of an array map that programs use, mapped into ours, which it counts as.
#pragma once

#include <cstddef>

#include "base/result.h"

struct bpf_map;

namespace socktap::sources::ebpf {

class MapMemory {
 public:
  MapMemory() = default;
  MapMemory(MapMemory&& other) noexcept;
  MapMemory& operator=(MapMemory&& other) noexcept;
  ~MapMemory();

  static Result<MapMemory> of_whole(const bpf_map* map, bool writable);
  // Of the page, to be written to, that has the byte at that offset.
  static Result<MapMemory> of_page(const bpf_map* map, std::size_t offset);

  void* address() const { return address_; }
  static std::size_t page_size();

 private:
  struct Part {
    std::size_t offset;  // whole pages, in bytes
    std::size_t length;
    bool writable;
  };
  MapMemory(void* address, std::size_t length) : address_(address), length_(length) {}
  static Result<MapMemory> of_part(const bpf_map* map, Part part);

  void* address_ = nullptr;
  std::size_t length_ = 0;
};

}  // namespace socktap::sources::ebpf
