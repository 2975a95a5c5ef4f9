#include "sources/ebpf/load_log.h"

#include <gtest/gtest.h>

namespace socktap::sources::ebpf {
namespace {

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
