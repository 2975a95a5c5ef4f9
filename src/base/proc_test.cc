#include "base/proc.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <future>
#include <string>
#include <thread>

namespace socktap {
namespace {

constexpr std::int64_t nobody = 0x7fffffff;

TEST(Proc, TellsWhoAProcessIs) {
  const auto status = proc_status(::getpid());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->process, ::getpid());
  EXPECT_EQ(status->parent, ::getppid());
  EXPECT_EQ(status->uid, ::getuid());
  EXPECT_EQ(status->euid, ::geteuid());
  EXPECT_EQ(status->gid, ::getgid());
  EXPECT_EQ(status->egid, ::getegid());
  EXPECT_FALSE(proc_status(nobody));
  EXPECT_FALSE(proc_status(-1));
}

TEST(Proc, AThreadBelongsToItsProcess) {
  std::promise<pid_t> id;
  std::promise<void> asked;
  std::thread thread([&] {
    id.set_value(::gettid());
    asked.get_future().wait();
  });
  const auto status = proc_status(id.get_future().get());
  asked.set_value();
  thread.join();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->process, ::getpid());
}

TEST(Proc, ReadsNoMoreThanAsked) {
  EXPECT_EQ(read_proc(::getpid(), "comm", 4).size(), 4U);
  EXPECT_EQ(read_proc(nobody, "comm", 4), "");
  EXPECT_EQ(proc_command(::getpid()), "base_test");
  EXPECT_EQ(proc_command(nobody), "");
}

TEST(Proc, StringsEndWithZeros) {
  using Strings = std::vector<std::string_view>;
  EXPECT_EQ(zero_terminated(std::string_view("a\0\0bc\0", 6)), (Strings{"a", "", "bc"}));
  EXPECT_EQ(zero_terminated("cut"), Strings{"cut"});
  EXPECT_EQ(zero_terminated(""), Strings{});
}

TEST(Proc, TheCpuIsWhereTheThreadIs) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  const int cpu = ::sched_getcpu();
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET(cpu, &here);
  ASSERT_EQ(::sched_setaffinity(0, sizeof here, &here), 0);
  EXPECT_EQ(proc_cpu(::getpid()), cpu);
  ::sched_setaffinity(0, sizeof before, &before);
  EXPECT_EQ(proc_cpu(nobody), -1);
}

TEST(Proc, ParentsLeadUp) {
  EXPECT_TRUE(descends_from(::getpid(), ::getppid()));
  EXPECT_TRUE(descends_from(::getpid(), ::getpid()));
  EXPECT_FALSE(descends_from(::getppid(), ::getpid()));
  EXPECT_FALSE(descends_from(nobody, ::getpid()));
}

}  // namespace
}  // namespace socktap
