#include "base/cgroups.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/proc.h"

namespace socktap {
namespace {

namespace fs = std::filesystem;

TEST(Cgroups, AProcessSaysWhichVersionsThereAre) {
  EXPECT_EQ(cgroup_version("0::/user.slice\n"), CgroupVersion::v2);
  EXPECT_EQ(cgroup_version("5:memory:/\n0::/\n"), CgroupVersion::hybrid);
  EXPECT_EQ(cgroup_version("5:memory:/\n1:name=systemd:/\n"), CgroupVersion::v1);
  EXPECT_EQ(cgroup_version(""), CgroupVersion::none);
}

TEST(Cgroups, AProcessSaysWhichItIsIn) {
  EXPECT_EQ(cgroup_in("5:memory:/a\n0::/system.slice/ssh.service\n"), "/system.slice/ssh.service");
  EXPECT_EQ(cgroup_in("0::/"), "/");
  EXPECT_EQ(cgroup_in("5:memory:/a\n"), std::nullopt);
}

TEST(Cgroups, TheMountIsThatOfVersion2) {
  const auto mount = cgroup_mount(
      "31 25 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
      "32 25 0:28 /a\\040b /sys/fs/my\\040groups rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"
      "33 25 0:28 / /elsewhere rw - cgroup2 cgroup2 rw\n");
  ASSERT_TRUE(mount);
  EXPECT_EQ(mount->directory, "/sys/fs/my groups");
  EXPECT_EQ(mount->top, "/a b");
  EXPECT_FALSE(cgroup_mount("31 25 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"));
  EXPECT_FALSE(cgroup_mount(" - cgroup2 \n"));
  EXPECT_FALSE(cgroup_mount(""));
}

// A tree of directories and files as the kernel would show it.
class CgroupTree : public testing::Test {
 protected:
  CgroupTree() {
    std::string name = testing::TempDir() + "cgroups.XXXXXX";
    root_ = ::mkdtemp(name.data());
    make("system.slice/ssh.service");
    make("user.slice");
  }
  ~CgroupTree() override { fs::remove_all(root_); }
  CgroupTree(const CgroupTree&) = delete;
  CgroupTree& operator=(const CgroupTree&) = delete;

  void make(const std::string& name) const { fs::create_directories(root_ + "/" + name); }
  std::uint64_t inode(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::stat((root_ + "/" + name).c_str(), &status), 0) << name;
    return status.st_ino;
  }

  std::string root_;
};

TEST_F(CgroupTree, NamesAreWhatProcSays) {
  CgroupNames names(CgroupMount{root_, "/"});
  EXPECT_EQ(names.name_of(inode("")), "/");
  EXPECT_EQ(names.name_of(inode("user.slice")), "/user.slice");
  EXPECT_EQ(names.name_of(inode("system.slice/ssh.service")), "/system.slice/ssh.service");
  EXPECT_EQ(names.name_of(0), "");
  EXPECT_EQ(names.name_of(~std::uint64_t{0}), "");
}

TEST_F(CgroupTree, APartOfTheTreeIsNamedFromItsTopOn) {
  CgroupNames names(CgroupMount{root_, "/machine/7"});
  EXPECT_EQ(names.name_of(inode("")), "/machine/7");
  EXPECT_EQ(names.name_of(inode("user.slice")), "/machine/7/user.slice");
}

TEST_F(CgroupTree, WhatComesLaterIsFoundAndWhatIsGoneIsKnown) {
  CgroupNames names(CgroupMount{root_, "/"});
  make("user.slice/run-1.scope");
  const std::uint64_t later = inode("user.slice/run-1.scope");
  EXPECT_EQ(names.name_of(later), "/user.slice/run-1.scope");
  const std::uint64_t gone = inode("system.slice/ssh.service");
  fs::remove_all(root_ + "/system.slice");
  EXPECT_EQ(names.name_of(gone), "/system.slice/ssh.service");
  EXPECT_EQ(names.name_of(later), "/user.slice/run-1.scope");
}

TEST_F(CgroupTree, WithoutAMountNothingIsKnown) {
  CgroupNames names(std::nullopt);
  EXPECT_EQ(names.name_of(inode("user.slice")), "");
}

TEST_F(CgroupTree, AnIdIsTheDirectorys) {
  const CgroupMount whole{root_, "/"};
  EXPECT_EQ(cgroup_id(whole, "/"), inode(""));
  EXPECT_EQ(cgroup_id(whole, "/user.slice"), inode("user.slice"));
  EXPECT_EQ(cgroup_id(whole, "/user.slice/none"), 0U);
  const CgroupMount part{root_, "/machine/7"};
  EXPECT_EQ(cgroup_id(part, "/machine/7"), inode(""));
  EXPECT_EQ(cgroup_id(part, "/machine/7/user.slice"), inode("user.slice"));
  EXPECT_EQ(cgroup_id(part, "/machine/77"), 0U);
  EXPECT_EQ(cgroup_id(part, "/"), 0U);
  EXPECT_EQ(cgroup_id(whole, "/.."), 0U);
}

TEST(Cgroups, OurOwnHasAnIdWhereThereAreAny) {
  const auto mount = cgroup_mount();
  if (!mount) GTEST_SKIP() << "no cgroups of version 2 are mounted";
  const std::uint64_t own = cgroup_of_task(*mount, ::getpid());
  if (own == 0) GTEST_SKIP() << "our own cgroup is outside the mount";
  const std::string text = read_proc(::getpid(), "cgroup", 4096);
  EXPECT_EQ(CgroupNames(mount).name_of(own), *cgroup_in(text));
}

}  // namespace
}  // namespace socktap
