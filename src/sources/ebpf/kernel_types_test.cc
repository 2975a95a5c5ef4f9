#include "sources/ebpf/kernel_types.h"

#include <bpf/btf.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include "base/unique_fd.h"
#include "sources/ebpf/btf_blob.h"

namespace socktap::sources::ebpf {
namespace {

using OwnedBtf = std::unique_ptr<btf, void (*)(btf*)>;

// struct inner { int a; }; struct outer { struct inner *to; union { struct inner in; }; int bit :
// 3; }
OwnedBtf sample() {
  OwnedBtf types(btf__new_empty(), &btf__free);
  btf* t = types.get();
  const int number = btf__add_int(t, "int", 4, BTF_INT_SIGNED);
  const int inner = btf__add_struct(t, "inner", 4);
  btf__add_field(t, "a", number, 0, 0);
  const int pointer = btf__add_ptr(t, inner);
  const int either = btf__add_union(t, "", 4);
  btf__add_field(t, "in", inner, 0, 0);
  btf__add_struct(t, "outer", 16);
  btf__add_field(t, "to", pointer, 0, 0);
  btf__add_field(t, "", either, 64, 0);
  btf__add_field(t, "bit", number, 96, 3);
  btf__add_struct(t, "unwanted", 4);
  btf__add_field(t, "a", number, 0, 0);
  btf__add_typedef(t, "btf_trace_one", pointer);
  btf__add_typedef(t, "btf_trace_two", pointer);
  const int prototype = btf__add_func_proto(t, number);
  btf__add_func(t, "hooked", BTF_FUNC_STATIC, prototype);
  btf__add_func(t, "other", BTF_FUNC_STATIC, prototype);
  btf__add_var(t, "per_cpu", BTF_VAR_GLOBAL_ALLOCATED, number);
  return types;
}

std::span<const std::uint8_t> bytes_of(const OwnedBtf& types) {
  std::uint32_t size = 0;
  const void* data = btf__raw_data(types.get(), &size);
  return {static_cast<const std::uint8_t*>(data), size};
}

constexpr std::string_view wanted_types[] = {"outer"};
constexpr std::string_view wanted_tracepoints[] = {"two", "three"};
constexpr std::string_view wanted_functions[] = {"hooked", "missing"};
constexpr std::string_view wanted_variables[] = {"per_cpu"};
constexpr KernelTypes::Wanted wanted{wanted_types, wanted_tracepoints, wanted_functions,
                                     wanted_variables};

TEST(KernelTypes, ExcerptHoldsWhatIsWantedAndWhatThatEmbeds) {
  const OwnedBtf types = sample();
  const auto kernel = KernelTypes::parse(bytes_of(types), wanted);
  ASSERT_TRUE(kernel) << kernel.error().message;
  const OwnedBtf excerpt(btf__parse(kernel->excerpt_path().c_str(), nullptr), &btf__free);
  ASSERT_TRUE(excerpt);
  const int id = btf__find_by_name_kind(excerpt.get(), "outer", BTF_KIND_STRUCT);
  ASSERT_GT(id, 0);
  const btf_type* outer = btf__type_by_id(excerpt.get(), static_cast<__u32>(id));
  EXPECT_EQ(outer->size, 16u);
  ASSERT_EQ(btf_vlen(outer), 3);
  EXPECT_EQ(btf_member_bit_offset(outer, 1), 64u);
  EXPECT_EQ(btf_member_bit_offset(outer, 2), 96u);
  EXPECT_EQ(btf_member_bitfield_size(outer, 2), 3u);
  EXPECT_GT(btf__find_by_name_kind(excerpt.get(), "inner", BTF_KIND_STRUCT), 0) << "embedded";
  EXPECT_LT(btf__find_by_name_kind(excerpt.get(), "unwanted", BTF_KIND_STRUCT), 0);
}

TEST(KernelTypes, KnowsTheNumbersOfTracepoints) {
  const OwnedBtf types = sample();
  const auto kernel = KernelTypes::parse(bytes_of(types), wanted);
  ASSERT_TRUE(kernel);
  EXPECT_EQ(kernel->tracepoint("two"),
            btf__find_by_name_kind(types.get(), "btf_trace_two", BTF_KIND_TYPEDEF));
  EXPECT_EQ(kernel->tracepoint("one"), 0) << "not asked for";
  EXPECT_EQ(kernel->tracepoint("three"), 0) << "not there";
}

TEST(KernelTypes, KnowsTheNumbersOfFunctionsAndVariables) {
  const OwnedBtf types = sample();
  const auto kernel = KernelTypes::parse(bytes_of(types), wanted);
  ASSERT_TRUE(kernel);
  EXPECT_EQ(kernel->function("hooked"),
            btf__find_by_name_kind(types.get(), "hooked", BTF_KIND_FUNC));
  EXPECT_EQ(kernel->function("other"), 0) << "not asked for";
  EXPECT_EQ(kernel->function("missing"), 0) << "not there";
  EXPECT_EQ(kernel->variable("per_cpu"),
            btf__find_by_name_kind(types.get(), "per_cpu", BTF_KIND_VAR));
  EXPECT_EQ(kernel->variable("other"), 0);
}

TEST(KernelTypes, OfAFileHaveNoNumbersForTheRunningKernel) {
  const std::string path = "/sys/kernel/btf/vmlinux";
  if (access(path.c_str(), R_OK) != 0) GTEST_SKIP() << "the running kernel has no types";
  constexpr std::string_view task[] = {"task_struct"};
  constexpr std::string_view exits[] = {"sys_exit"};
  const auto types = KernelTypes::of_file(path, {.types = task, .tracepoints = exits});
  ASSERT_TRUE(types) << types.error().message;
  EXPECT_EQ(types->tracepoint("sys_exit"), 0);
  const OwnedBtf excerpt(btf__parse(types->excerpt_path().c_str(), nullptr), btf__free);
  ASSERT_TRUE(excerpt);
  EXPECT_GT(btf__find_by_name_kind(excerpt.get(), "task_struct", BTF_KIND_STRUCT), 0);
}

TEST(KernelTypes, OfAFileThatIsNoKernelsAreRefused) {
  const auto missing = KernelTypes::of_file("/nonexistent", wanted);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("/nonexistent"), std::string::npos);
  const auto text = KernelTypes::of_file("/proc/self/status", wanted);
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().hint.find("a file of BTF"), std::string::npos) << text.error().hint;

  const OwnedBtf types = sample();
  const std::span<const std::uint8_t> bytes = bytes_of(types);
  const UniqueFd file(memfd_create("types", MFD_CLOEXEC));
  ASSERT_EQ(write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  const auto other = KernelTypes::of_file("/proc/self/fd/" + std::to_string(file.get()), wanted);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("not those of a kernel"), std::string::npos);
}

TEST(KernelTypes, RefusesWhatIsMalformed) {
  const OwnedBtf types = sample();
  const std::span<const std::uint8_t> whole = bytes_of(types);
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(KernelTypes::parse(whole.first(size), wanted)) << size;
  std::vector<std::uint8_t> bent(whole.begin(), whole.end());
  for (std::size_t at = 0; at < bent.size(); ++at) {
    const std::uint8_t kept = bent[at];
    bent[at] = 0xff;
    const auto kernel = KernelTypes::parse(bent, wanted);  // must only come back
    bent[at] = kept;
    if (at < 2) {
      EXPECT_FALSE(kernel) << "the magic number";
    }
  }
}

}  // namespace
}  // namespace socktap::sources::ebpf
