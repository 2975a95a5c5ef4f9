// Random access to the types of a BTF blob, checked once and then trusted.
#pragma once

#include <linux/btf.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace socktap::sources::ebpf {

class BtfBlob {
 public:
  // Borrows the bytes. Nothing if they are no BTF of this machine's byte order.
  static std::optional<BtfBlob> open(std::span<const std::uint8_t> bytes);

  std::uint32_t count() const { return static_cast<std::uint32_t>(offsets_.size()); }
  // 0 is void: `id` must lie in [1, count()).
  const btf_type& type(std::uint32_t id) const;
  std::string_view name(std::uint32_t offset) const;

  static std::uint32_t kind(const btf_type& type) { return BTF_INFO_KIND(type.info); }
  static std::uint32_t length(const btf_type& type) { return BTF_INFO_VLEN(type.info); }

  // What follows a type of the matching kind.
  template <typename T>
  static std::span<const T> details(const btf_type& type) {
    return {reinterpret_cast<const T*>(&type + 1), length(type)};
  }
  static const struct btf_array& array(const btf_type& type) {
    return *reinterpret_cast<const struct btf_array*>(&type + 1);
  }

 private:
  BtfBlob() = default;
  bool index();

  std::span<const std::uint8_t> types_;
  std::span<const std::uint8_t> strings_;
  std::vector<std::uint32_t> offsets_;
};

}  // namespace socktap::sources::ebpf
