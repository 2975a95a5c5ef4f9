// The script's part and the running kernel. Needs root or CAP_BPF and CAP_PERFMON.
#include <gtest/gtest.h>

#include <cerrno>

#include "sources/ebpf/script_part.h"

namespace socktap::sources::ebpf {
namespace {

constexpr bpf_insn answer_nothing = {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0};
constexpr bpf_insn read_far_behind_the_record = {
    .code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_0, .src_reg = BPF_REG_1, .off = 30'000};

TEST(ScriptPartInKernel, ARefusalHasTheVerifiersReason) {
  const Result<void> taken = try_script_part({answer_nothing}, 64);
  if (!taken) GTEST_SKIP() << taken.error().message << " (" << taken.error().hint << ")";
  const Result<void> refused = try_script_part({read_far_behind_the_record}, 64);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, EACCES);
  EXPECT_NE(refused.error().hint.find("R1"), std::string::npos) << refused.error().hint;
  EXPECT_EQ(refusal_of_script_part("counted", refused.error()),
            "events are counted in user space: " + refused.error().message + " (" +
                refused.error().hint + ")");
}

}  // namespace
}  // namespace socktap::sources::ebpf
