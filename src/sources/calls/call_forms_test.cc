#include "sources/calls/call_forms.h"

#include <gtest/gtest.h>
#include <seccomp.h>
#include <sys/syscall.h>

#include <algorithm>
#include <string>

#include "tapset/calls.h"

namespace socktap::sources {
namespace {

Interest interest_in(std::initializer_list<std::string_view> names) {
  plan::Plan plan;
  for (const std::string_view name : names) plan.points.push_back(tapset::find_probe_point(name));
  return interest_of(plan);
}

// The form that a number has, "" if none, and what is wanted of it.
std::string wanted(__u16 entry) {
  std::string text;
  if (const unsigned form = entry & SOCKTAP_FORM_MASK; form != 0)
    text = tapset::calls()[form - 1].point;
  if (entry & SOCKTAP_FORM_BEGIN) text += " begin";
  if (entry & SOCKTAP_FORM_CONCLUSION) text += " conclusion";
  return text;
}

TEST(CallForms, OnlyWhatIsWantedHasAForm) {
  const socktap_call_settings settings = call_settings_for(
      interest_in({"syscall.connect", "syscall.read.return", "nd_syscall.read"}).calls);
  EXPECT_EQ(wanted(settings.native_forms[SYS_connect]), "connect begin");
  EXPECT_EQ(wanted(settings.native_forms[SYS_read]), "read begin conclusion");
  EXPECT_EQ(wanted(settings.native_forms[SYS_write]), "");
  EXPECT_EQ(wanted(settings.socketcall_forms[3]), "connect begin");
#if defined(__x86_64__)
  EXPECT_EQ(wanted(settings.compat_forms[3]), "read begin conclusion");
  EXPECT_EQ(wanted(settings.compat_forms[362]), "connect begin");
  const auto of_messages = call_settings_for(
      interest_in({"syscall.sendmmsg", "syscall.compat_recvmmsg", "syscall.recvmmsg"}).calls);
  EXPECT_EQ(wanted(of_messages.compat_forms[337]), "compat_recvmmsg begin");
  EXPECT_EQ(wanted(of_messages.compat_forms[345]), "sendmmsg begin");
#endif
  const unsigned connect = settings.native_forms[SYS_connect] & SOCKTAP_FORM_MASK;
  EXPECT_EQ(settings.captures[connect][0].how, SOCKTAP_CAPTURE_NOTHING);
  EXPECT_EQ(settings.captures[connect][1].how, SOCKTAP_CAPTURE_BYTES) << "the address";
  EXPECT_EQ(settings.captures[connect][1].argument, 1);
  EXPECT_EQ(settings.captures[connect][1].count, 2);
}

TEST(CallForms, AnyMeansUnknownNumbersToo) {
  const socktap_call_settings settings =
      call_settings_for(interest_in({"syscall_any.return"}).calls);
  EXPECT_EQ(wanted(settings.native_forms[SYS_read]), "read conclusion");
  EXPECT_EQ(wanted(settings.native_forms[SOCKTAP_CALL_NUMBERS - 1]), " conclusion");
  EXPECT_EQ(wanted(settings.unknown_forms), " conclusion");
}

// Also of names that libseccomp is too old for.
bool is_known(std::string_view name) {
  constexpr std::string_view new_ones[] = {
      "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue",
      "statmount",        "listmount",  "mseal"};
  return std::ranges::find(new_ones, name) != std::end(new_ones) ||
         ::seccomp_syscall_resolve_name(std::string(name).c_str()) != __NR_SCMP_ERROR;
}

// A misspelt name would never fire.
TEST(CallForms, NamesAreTheKernels) {
  for (const tapset::Call& call : tapset::calls()) {
    EXPECT_TRUE(!call.native.empty() || !call.compat.empty() || call.socketcall != 0) << call.point;
    for (const std::string_view name : call.native) EXPECT_TRUE(is_known(name)) << name;
    for (const std::string_view name : call.compat) EXPECT_TRUE(is_known(name)) << name;
  }
  EXPECT_LT(tapset::calls().size(), std::size_t{SOCKTAP_CALL_FORMS});
}

TEST(CallForms, WhatNothingHereMakesIsNamed) {
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(absent_calls(interest_in({"syscall.connect", "syscall.read.return"}).calls), Names());
#if defined(__x86_64__)
  EXPECT_EQ(absent_calls(interest_in({"syscall_any"}).calls), Names()) << "i386 makes the rest";
#endif
}

// syscall.* means all: each number of this machine that libseccomp knows is some call's, but for
// those that the kernel never had or has no more.
TEST(CallForms, EveryNumberHasAForm) {
  plan::Plan plan;
  for (const tapset::ProbePoint& point : tapset::call_points()) plan.points.push_back(&point);
  const socktap_call_settings settings = call_settings_for(interest_of(plan).calls);
  std::string missing;
  for (int number = 0; number < SOCKTAP_CALL_NUMBERS; ++number) {
    char* name = ::seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
    if (name != nullptr && settings.native_forms[number] == 0) missing += std::string(name) + " ";
    ::free(name);
  }
#if defined(__x86_64__)
  EXPECT_EQ(missing,
            "create_module get_kernel_syms query_module nfsservctl getpmsg putpmsg afs_syscall "
            "tuxcall security epoll_ctl_old epoll_wait_old vserver ");
#endif
}

}  // namespace
}  // namespace socktap::sources
