#include "base/process_tree.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace socktap {
namespace {

using Pids = std::vector<pid_t>;

TEST(ProcessTree, FindsDescendantsHoweverTheyAreListed) {
  const std::vector<ProcessEntry> processes{{40, 30}, {30, 20}, {20, 10}, {50, 1}, {10, 1}};
  EXPECT_EQ(descendants(processes, {20}), (Pids{20, 30, 40}));
  EXPECT_EQ(descendants(processes, {50, 30}), (Pids{30, 40, 50}));
}

TEST(ProcessTree, KeepsARootThatIsNotListed) { EXPECT_EQ(descendants({}, {7}), Pids{7}); }

TEST(ProcessTree, ListsThisProcess) {
  const std::vector<ProcessEntry> processes = list_processes();
  const auto self = std::find_if(processes.begin(), processes.end(),
                                 [](const ProcessEntry& entry) { return entry.pid == ::getpid(); });
  ASSERT_NE(self, processes.end());
  EXPECT_EQ(self->parent, ::getppid());
}

}  // namespace
}  // namespace socktap
