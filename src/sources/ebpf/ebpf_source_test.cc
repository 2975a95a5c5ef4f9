// The source on the running kernel. Needs root or CAP_BPF and CAP_PERFMON; skips with the reason
// where the kernel refuses.
#include "sources/ebpf/ebpf_source.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tapset/catalogue.h"

namespace socktap::sources::ebpf {
namespace {

plan::Plan plan_of(std::initializer_list<std::string_view> names) {
  plan::Plan plan;
  for (const std::string_view name : names) plan.points.push_back(tapset::find_probe_point(name));
  plan.fields = tapset::FieldSet::from_bits((1u << tapset::field_count) - 1);

  return plan;
}

// Runs `operations` while the source looks on, and gives the events of this process.
std::vector<std::string> observe(const plan::Plan& plan, void (*operations)()) {
  EbpfSource source;
  const Result<void> attached = source.attach(plan, {.include_self = true});
  if (!attached) return {"refused: " + attached.error().message};
  operations();
  source.stop();
  std::vector<std::string> seen;
  while (!source.finished()) {
    const Result<const Event*> event = source.next(~std::uint64_t{0});
    if (event && *event && (*event)->tgid == static_cast<__u32>(::getpid()))
      seen.push_back(socktap::describe(**event));
  }
  return seen;
}

TEST(EbpfSource, SeesAMessageOnceOnEachSide) {
  const std::vector<std::string> seen =
      observe(plan_of({"socket.sendmsg.return", "socket.write_iter.return", "socket.receive"}), [] {
        int pair[2];
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
        char buffer[100] = {};
        ::send(pair[0], buffer, 10, 0);
        ::write(pair[0], buffer, 11);
        iovec vector{buffer, 12};
        ::writev(pair[0], &vector, 1);
        ::recv(pair[1], buffer, 100, MSG_DONTWAIT);
        ::read(pair[1], buffer, 100);
        vector.iov_len = 100;
        ::readv(pair[1], &vector, 1);
        ::recv(pair[1], buffer, 100, MSG_DONTWAIT);
        ::close(pair[0]);
        ::close(pair[1]);
      });
  for (const std::string& line : seen) printf("%s\n", line.c_str());
  EXPECT_EQ(seen.size(), 7u);
}

}  // namespace
}  // namespace socktap::sources::ebpf
