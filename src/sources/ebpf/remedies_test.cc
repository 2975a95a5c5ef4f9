#include "sources/ebpf/remedies.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace socktap::sources::ebpf {
namespace {

constexpr std::uint64_t sys_admin = std::uint64_t{1} << 21;
constexpr std::uint64_t perfmon = std::uint64_t{1} << 38;
constexpr std::uint64_t bpf = std::uint64_t{1} << 39;

TEST(Remedies, NameTheCapabilityThatIsMissing) {
  EXPECT_EQ(remedy_of_permission({0, ""}), "root, or CAP_BPF and CAP_PERFMON");
  EXPECT_EQ(remedy_of_permission({bpf, "none"}), "CAP_PERFMON, which this process lacks");
  EXPECT_EQ(remedy_of_permission({perfmon, "none"}), "CAP_BPF, which this process lacks");
}

TEST(Remedies, NameWhoRefusesAProcessThatHasThem) {
  for (const std::uint64_t all : {sys_admin, bpf | perfmon}) {
    EXPECT_NE(remedy_of_permission({all, "none"}).find("seccomp"), std::string::npos);
    EXPECT_NE(remedy_of_permission({all, "confidentiality"}).find("lockdown"), std::string::npos);
  }
}

TEST(Remedies, NameTheLimitOfMemoryThatMayBeLocked) {
  const std::string remedy = remedy_of_permission({bpf | perfmon, "none", 64 * 1024});
  EXPECT_NE(remedy.find("RLIMIT_MEMLOCK, here 64 KiB"), std::string::npos) << remedy;
  EXPECT_EQ(remedy_of_permission({bpf, "none", 64 * 1024}),
            "CAP_PERFMON, which this process lacks");
}

TEST(Remedies, NameWhatAKernelMustOffer) {
  EXPECT_EQ(remedy_for(EINVAL, "fentry programs"), "a kernel with fentry programs");
  EXPECT_EQ(remedy_for(ENOSYS, "x"), "a kernel with the bpf system call (CONFIG_BPF_SYSCALL)");
}

}  // namespace
}  // namespace socktap::sources::ebpf
