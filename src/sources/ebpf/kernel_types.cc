#include "sources/ebpf/kernel_types.h"

#include <bpf/btf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <unordered_set>

#include "sources/ebpf/btf_blob.h"

namespace socktap::sources::ebpf {
namespace {

constexpr const char* kernel_btf = "/sys/kernel/btf/vmlinux";
constexpr std::string_view tracepoint_prefix = "btf_trace_";

struct FreeBtf {
  void operator()(btf* types) const { btf__free(types); }
};
using OwnedBtf = std::unique_ptr<btf, FreeBtf>;

// Copies types and all that they embed. Types of the copy may refer to later ones, so every type
// is given its number before what it refers to is copied.
class Excerpt {
 public:
  explicit Excerpt(const BtfBlob& blob) : blob_(blob), copy_(btf__new_empty()) {
    btf__add_ptr(copy_.get(), 0);
  }

  void add(std::uint32_t id) { copy(id); }
  std::span<const std::uint8_t> bytes() const {
    std::uint32_t size = 0;
    const void* data = btf__raw_data(copy_.get(), &size);
    return {static_cast<const std::uint8_t*>(data), size};
  }

 private:
  static constexpr int pointer_to_void = 1;

  int copy(std::uint32_t id);
  int copy_composite(std::uint32_t id, const btf_type& type);
  int copy_enum(const btf_type& type);
  std::string name_of(std::uint32_t offset) const { return std::string(blob_.name(offset)); }

  const BtfBlob& blob_;
  OwnedBtf copy_;
  std::unordered_map<std::uint32_t, int> copied_;
};

int Excerpt::copy(std::uint32_t id) {
  if (id == 0 || id >= blob_.count()) return 0;
  if (const auto known = copied_.find(id); known != copied_.end()) return known->second;
  const btf_type& type = blob_.type(id);
  const std::string name = name_of(type.name_off);
  int made = 0;
  copied_[id] = 0;  // a type that contains itself is malformed: whoever comes by again gets void
  switch (BtfBlob::kind(type)) {
    case BTF_KIND_INT: {
      const auto encoding = *reinterpret_cast<const std::uint32_t*>(&type + 1);
      made = btf__add_int(copy_.get(), name.c_str(), type.size, BTF_INT_ENCODING(encoding));
      break;
    }
    case BTF_KIND_PTR:
      made = pointer_to_void;
      break;
    case BTF_KIND_FLOAT:
      made = btf__add_float(copy_.get(), name.c_str(), type.size);
      break;
    case BTF_KIND_ARRAY: {
      const struct btf_array& array = BtfBlob::array(type);
      const int element = copy(array.type);
      const int index = copy(array.index_type);
      made = btf__add_array(copy_.get(), index, element, array.nelems);
      break;
    }
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
      return copy_composite(id, type);
    case BTF_KIND_ENUM:
      made = copy_enum(type);
      break;
    case BTF_KIND_ENUM64:
      made = btf__add_enum64(copy_.get(), name.c_str(), type.size, false);
      break;
    case BTF_KIND_TYPEDEF:
    case BTF_KIND_CONST:
    case BTF_KIND_VOLATILE:
    case BTF_KIND_RESTRICT:
    case BTF_KIND_TYPE_TAG:
      made = copy(type.type);  // they do not change a layout
      break;
    default:
      break;
  }
  copied_[id] = made;
  return made;
}

// The members' types come first: nothing can be added to a type once another one was.
int Excerpt::copy_composite(std::uint32_t id, const btf_type& type) {
  const bool has_bitfields = BTF_INFO_KFLAG(type.info);
  const auto members = BtfBlob::details<btf_member>(type);
  std::vector<int> types;
  types.reserve(members.size());
  for (const btf_member& member : members) types.push_back(copy(member.type));
  const std::string name = name_of(type.name_off);
  const int made = BtfBlob::kind(type) == BTF_KIND_STRUCT
                       ? btf__add_struct(copy_.get(), name.c_str(), type.size)
                       : btf__add_union(copy_.get(), name.c_str(), type.size);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::uint32_t offset =
        has_bitfields ? BTF_MEMBER_BIT_OFFSET(members[i].offset) : members[i].offset;
    const std::uint32_t bits = has_bitfields ? BTF_MEMBER_BITFIELD_SIZE(members[i].offset) : 0;
    btf__add_field(copy_.get(), name_of(members[i].name_off).c_str(), types[i], offset, bits);
  }
  copied_[id] = made;
  return made;
}

int Excerpt::copy_enum(const btf_type& type) {
  const int made = btf__add_enum(copy_.get(), name_of(type.name_off).c_str(), type.size);
  for (const struct btf_enum& value : BtfBlob::details<struct btf_enum>(type))
    btf__add_enum_value(copy_.get(), name_of(value.name_off).c_str(), value.val);
  return made;
}

bool is_named_type(std::uint32_t kind) {
  return kind == BTF_KIND_STRUCT || kind == BTF_KIND_ENUM || kind == BTF_KIND_TYPEDEF;
}

Result<UniqueFd> file_of(std::span<const std::uint8_t> bytes) {
  UniqueFd file(::memfd_create("socktap-types", MFD_CLOEXEC));
  if (!file.valid() ||
      ::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    return system_failure("cannot write an excerpt of the kernel's types", errno);
  return file;
}

// The bytes of a file: mapped where the kernel can map it (since 6.16 it can its own types).
class FileBytes {
 public:
  explicit FileBytes(const char* path) {
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    struct stat status = {};
    if (!file.valid() || ::fstat(file.get(), &status) != 0) return;
    size_ = static_cast<std::size_t>(status.st_size);
    void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (address != MAP_FAILED) {
      mapped_ = address;
      return;
    }
    copy_.resize(size_);
    std::size_t filled = 0;
    while (filled < size_) {
      const ssize_t got = ::read(file.get(), copy_.data() + filled, size_ - filled);
      if (got <= 0) break;
      filled += static_cast<std::size_t>(got);
    }
    size_ = filled;
  }
  ~FileBytes() {
    if (mapped_) ::munmap(mapped_, size_);
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  std::span<const std::uint8_t> get() const {
    return {mapped_ ? static_cast<const std::uint8_t*>(mapped_) : copy_.data(), size_};
  }

 private:
  void* mapped_ = nullptr;
  std::vector<std::uint8_t> copy_;
  std::size_t size_ = 0;
};

}  // namespace

Result<KernelTypes> KernelTypes::of_running_kernel(const Wanted& wanted) {
  const FileBytes bytes(kernel_btf);
  if (bytes.get().empty())
    return system_failure(
        std::string("cannot read ") + kernel_btf, errno,
        "a kernel with CONFIG_DEBUG_INFO_BTF; or --btf FILE with the types of this "
        "one (from BTFHub, or made by pahole), for kprobes and raw tracepoints");
  return parse(bytes.get(), wanted);
}

Result<KernelTypes> KernelTypes::of_file(const std::string& path, const Wanted& wanted) {
  const std::unique_ptr<btf, void (*)(btf*)> file(btf__parse(path.c_str(), nullptr), btf__free);
  if (!file)
    return system_failure("cannot read the kernel's types from " + path, errno,
                          "a file of BTF, or a vmlinux with a section of it");
  __u32 size = 0;
  const void* bytes = btf__raw_data(file.get(), &size);
  Result<KernelTypes> types = parse({static_cast<const std::uint8_t*>(bytes), size},
                                    {.types = wanted.types, .tracepoints = {}});
  if (types && btf__find_by_name_kind(file.get(), "task_struct", BTF_KIND_STRUCT) < 0)
    return failure(path + " has types, but not those of a kernel",
                   "the file that was made for this kernel's release");
  return types;
}

Result<KernelTypes> KernelTypes::parse(std::span<const std::uint8_t> blob_bytes,
                                       const Wanted& wanted) {
  const std::optional<BtfBlob> blob = BtfBlob::open(blob_bytes);
  if (!blob) return failure("the kernel's types cannot be read");
  KernelTypes types;
  Excerpt excerpt(*blob);
  const std::unordered_set<std::string_view> functions(wanted.functions.begin(),
                                                       wanted.functions.end());
  for (std::uint32_t id = 1; id < blob->count(); ++id) {
    const btf_type& type = blob->type(id);
    const std::uint32_t kind = BtfBlob::kind(type);
    if (kind == BTF_KIND_FUNC && !functions.empty() &&
        functions.contains(blob->name(type.name_off)))
      types.functions_.emplace(blob->name(type.name_off), static_cast<int>(id));
    if (kind == BTF_KIND_VAR &&
        std::ranges::find(wanted.variables, blob->name(type.name_off)) != wanted.variables.end())
      types.variables_.emplace(blob->name(type.name_off), static_cast<int>(id));
    if (!is_named_type(kind)) continue;
    std::string_view name = blob->name(type.name_off);
    const auto is_name = [&name](std::string_view other) { return other == name; };
    if (kind != BTF_KIND_TYPEDEF) {
      if (std::any_of(wanted.types.begin(), wanted.types.end(), is_name)) excerpt.add(id);
    } else if (name.starts_with(tracepoint_prefix)) {
      name.remove_prefix(tracepoint_prefix.size());
      if (std::any_of(wanted.tracepoints.begin(), wanted.tracepoints.end(), is_name))
        types.tracepoints_.emplace(name, static_cast<int>(id));
    }
  }
  Result<UniqueFd> file = file_of(excerpt.bytes());
  if (!file) return tl::unexpected(file.error());
  types.excerpt_ = std::move(*file);
  return types;
}

int KernelTypes::number_in(const Numbers& numbers, std::string_view name) {
  const auto found = numbers.find(std::string(name));
  return found == numbers.end() ? 0 : found->second;
}

int KernelTypes::tracepoint(std::string_view name) const { return number_in(tracepoints_, name); }
int KernelTypes::function(std::string_view name) const { return number_in(functions_, name); }
int KernelTypes::variable(std::string_view name) const { return number_in(variables_, name); }

std::string KernelTypes::excerpt_path() const {
  return "/proc/self/fd/" + std::to_string(excerpt_.get());
}

}  // namespace socktap::sources::ebpf
