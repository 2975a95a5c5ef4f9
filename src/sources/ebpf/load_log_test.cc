#include "sources/ebpf/load_log.h"

#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <thread>

namespace socktap::sources::ebpf {
namespace {

int printed = 0;
int print(libbpf_print_level level, const char*, va_list) {
  if (level == LIBBPF_WARN) ++printed;
  return 0;
}

void have_libbpf_warn() { EXPECT_EQ(bpf_object__open("/no/such/file.o"), nullptr); }

TEST(LoadLog, KeepsWhatIsSaidToItsThreadOnly) {
  const libbpf_print_fn_t before = libbpf_set_print(print);
  printed = 0;
  {
    const LoadLog log;
    std::thread(have_libbpf_warn).join();
    EXPECT_EQ(printed, 1) << "another thread's goes where it went";
    EXPECT_EQ(log.reason(), "");
    {
      const LoadLog inner;
      have_libbpf_warn();
      EXPECT_NE(inner.reason().find("/no/such/file.o"), std::string::npos);
      std::thread([] { const LoadLog other; }).join();
    }
    EXPECT_EQ(log.reason(), "") << "the inner one has it";
    have_libbpf_warn();
    EXPECT_NE(log.reason().find("/no/such/file.o"), std::string::npos);
    EXPECT_EQ(printed, 1);
  }
  EXPECT_EQ(libbpf_set_print(before), print) << "it is put back";
}

TEST(LoadLog, LeavesAFunctionThatWasSetMeanwhile) {
  const libbpf_print_fn_t before = libbpf_set_print(nullptr);
  {
    const LoadLog log;
    libbpf_set_print(print);
  }
  EXPECT_EQ(libbpf_set_print(nullptr), print);
  { const LoadLog log; }
  EXPECT_EQ(libbpf_set_print(before), nullptr);
}

TEST(LoadLog, TheReasonIsTheLastLineThatSaysWhy) {
  EXPECT_EQ(reason_in(""), "");
  EXPECT_EQ(reason_in("libbpf: prog 'send_typed': failed to prepare load attributes: -3\n"
                      "libbpf: failed to load object 'socktap_collectors'\n"),
            "prog 'send_typed': failed to prepare load attributes: -3");
  EXPECT_EQ(reason_in("libbpf: prog 'calls_enter': BPF program load failed: Permission denied\n"
                      "libbpf: prog 'calls_enter': -- BEGIN PROG LOAD LOG --\n"
                      "0: (bf) r6 = r1\n"
                      "combined stack size of 4 calls is 544. Too large\n"
                      "from 4 to 9: R1=ctx\n"
                      "processed 12 insns (limit 1000000)\n"
                      "-- END PROG LOAD LOG --\n"
                      "libbpf: prog 'calls_enter': failed to load: -13\n"),
            "combined stack size of 4 calls is 544. Too large");
  EXPECT_EQ(reason_in("access from an offset that is refused"),
            "access from an offset that is refused");
}

}  // namespace
}  // namespace socktap::sources::ebpf
