#include "sources/ebpf/btf_blob.h"

#include <cstring>

namespace socktap::sources::ebpf {
namespace {

// The bytes that follow a type, by kind; nothing for kinds that are not known.
std::optional<std::size_t> size_of_details(const btf_type& type) {
  const std::size_t length = BtfBlob::length(type);
  switch (BtfBlob::kind(type)) {
    case BTF_KIND_INT:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG:
      return 4;
    case BTF_KIND_PTR:
    case BTF_KIND_FWD:
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_CONST:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_FUNC:
    case BTF_KIND_FLOAT:
    case BTF_KIND_TYPE_TAG:
      return 0;
    case BTF_KIND_ARRAY:
      return sizeof(struct btf_array);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
      return length * sizeof(btf_member);
    case BTF_KIND_ENUM:
      return length * sizeof(struct btf_enum);
    case BTF_KIND_FUNC_PROTO:
      return length * sizeof(btf_param);
    case BTF_KIND_DATASEC:
    case BTF_KIND_ENUM64:
      return length * 12;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<BtfBlob> BtfBlob::open(std::span<const std::uint8_t> bytes) {
  btf_header header;
  if (bytes.size() < sizeof(header)) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != BTF_MAGIC || header.hdr_len > bytes.size()) return std::nullopt;
  const std::span<const std::uint8_t> body = bytes.subspan(header.hdr_len);
  if (header.type_off > body.size() || header.type_len > body.size() - header.type_off ||
      header.str_off > body.size() || header.str_len > body.size() - header.str_off ||
      header.str_len == 0 || header.type_off % 4 != 0)
    return std::nullopt;
  BtfBlob blob;
  blob.types_ = body.subspan(header.type_off, header.type_len);
  blob.strings_ = body.subspan(header.str_off, header.str_len);
  if (blob.strings_.back() != 0 || !blob.index()) return std::nullopt;
  return blob;
}

bool BtfBlob::index() {
  offsets_.reserve(types_.size() / 24);
  offsets_.push_back(0);
  for (std::size_t at = 0; at < types_.size();) {
    if (types_.size() - at < sizeof(btf_type)) return false;
    const auto& type = *reinterpret_cast<const btf_type*>(&types_[at]);
    const std::optional<std::size_t> details = size_of_details(type);
    if (!details || types_.size() - at - sizeof(btf_type) < *details) return false;
    offsets_.push_back(static_cast<std::uint32_t>(at));
    at += sizeof(btf_type) + *details;
  }
  return true;
}

const btf_type& BtfBlob::type(std::uint32_t id) const {
  return *reinterpret_cast<const btf_type*>(&types_[offsets_[id]]);
}

std::string_view BtfBlob::name(std::uint32_t offset) const {
  if (offset >= strings_.size()) return {};
  return reinterpret_cast<const char*>(&strings_[offset]);
}

}  // namespace socktap::sources::ebpf
