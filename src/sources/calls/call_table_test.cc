#include "sources/calls/call_table.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>

namespace socktap::sources {
namespace {

int rows_of(const CallTable& table, socktap_call call) {
  return static_cast<int>(std::count(table.begin(), table.end(), call));
}

TEST(CallTable, KnowsTheCallsOfThisMachine) {
  EXPECT_EQ(native_calls()[SYS_sendto], SOCKTAP_CALL_SENDTO);
  EXPECT_EQ(native_calls()[SYS_read], SOCKTAP_CALL_READ);
  EXPECT_EQ(native_calls()[SYS_io_uring_enter], SOCKTAP_CALL_IO_URING_ENTER);
  EXPECT_EQ(native_calls()[SYS_getpid], SOCKTAP_CALL_OTHER);
}

TEST(CallTable, EveryNativeCallHasOneNumber) {
  for (int call = SOCKTAP_CALL_SENDTO; call <= SOCKTAP_CALL_IO_URING_ENTER; ++call)
    EXPECT_EQ(rows_of(native_calls(), static_cast<socktap_call>(call)), 1) << call;
  for (int call = SOCKTAP_CALL_SOCKET; call <= SOCKTAP_CALL_CLOSE_RANGE; ++call)
    EXPECT_EQ(rows_of(native_calls(), static_cast<socktap_call>(call)), 1) << call;
}

#if defined(__x86_64__)
TEST(CallTable, KnowsTheCallsOfI386Programs) {
  EXPECT_EQ(compat_calls()[3], SOCKTAP_CALL_READ);
  EXPECT_EQ(compat_calls()[4], SOCKTAP_CALL_WRITE);
  EXPECT_EQ(compat_calls()[102], SOCKTAP_CALL_SOCKETCALL);
  EXPECT_EQ(rows_of(compat_calls(), SOCKTAP_CALL_SENDFILE), 2) << "with and without 64-bit offsets";
}
#endif

}  // namespace
}  // namespace socktap::sources
