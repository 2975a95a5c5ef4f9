#include "session/kernel_config.h"

#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <filesystem>

namespace socktap::session {
namespace {

TEST(KernelConfig, TakesWhatIsSet) {
  const KernelConfig config = parse_kernel_config(
      "# CONFIG_OLD=y\n"
      "CONFIG_NET=y\n"
      "# CONFIG_UTRACE is not set\n"
      "\n"
      "CONFIG_LOCALVERSION=\"-a=b\"\n"
      "CONFIG_HZ=250");
  const KernelConfig expected = {
      {"CONFIG_NET", "y"}, {"CONFIG_LOCALVERSION", "\"-a=b\""}, {"CONFIG_HZ", "250"}};
  EXPECT_EQ(config, expected);
}

TEST(KernelConfig, RunningKernelsHasTheNetwork) {
  if (!std::filesystem::exists("/proc/config.gz"))
    GTEST_SKIP() << "no /proc/config.gz: CONFIG_IKCONFIG_PROC is off";
  utsname kernel{};
  ASSERT_EQ(::uname(&kernel), 0);
  const auto config = read_kernel_config(kernel.release);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->at("CONFIG_NET"), "y");
}

}  // namespace
}  // namespace socktap::session
