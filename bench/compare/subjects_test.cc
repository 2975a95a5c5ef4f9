#include "compare/subjects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace socktap::bench {
namespace {

TEST(Subjects, HaveNamesOfTheirOwnThatBeginWithTheirTools) {
  std::set<std::string_view> names;
  for (const Subject& row : subjects()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(row.name.starts_with(name_of(row.tool))) << row.name;
    EXPECT_EQ(&subject(row.name), &row);
  }
}

TEST(Subjects, OfSocktapTraceTheProcess) {
  const auto words = arguments_of(subject("socktap count"), 4711, "/out");
  const std::string script = R"(global n
probe begin { println("ready") }
probe socket.send, socket.receive {
n++
}
probe end {
println("seen ", n)
}
)";
  EXPECT_EQ(words, (std::vector<std::string>{"run", "-q", "-x", "4711", "-e", script}));
}

TEST(Subjects, OfOthersNameTheProcessToo) {
  for (const Subject& row : subjects()) {
    if (row.tool == Tool::floor) continue;
    const auto words = arguments_of(row, 4711, "/out");
    EXPECT_TRUE(std::ranges::any_of(words, [](const std::string& word) {
      return word == "4711" || word.find("/pid == 4711/") != std::string::npos;
    })) << row.name;
  }
}

TEST(Subjects, WriteWhereTheyAreTold) {
  EXPECT_EQ(
      arguments_of(subject("perf stat"), 4711, "/out"),
      (std::vector<std::string>{"stat", "-x,", "-o", "/out", "-e",
                                "sock:sock_send_length,sock:sock_recv_length", "-p", "4711"}));
}

}  // namespace
}  // namespace socktap::bench
