#include "sources/ebpf/host_report.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace socktap::sources::ebpf {
namespace {

TEST(HostReport, SaysWhatItFoundOrWhyNot) {
  const HostReport report = inspect_host();
  EXPECT_FALSE(report.kernel.empty());
  EXPECT_FALSE(report.machine.empty());
  EXPECT_EQ(report.btf, ::access("/sys/kernel/btf/vmlinux", R_OK) == 0);
  ASSERT_EQ(report.program_types.size(), 5u);
  for (const ProgramType& type : report.program_types) {
    EXPECT_FALSE(type.name.empty());
    EXPECT_EQ(type.works, type.reason.empty()) << type.name << ": " << type.reason;
  }
}

}  // namespace
}  // namespace socktap::sources::ebpf
