#include "base/container.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace socktap {
namespace {

const std::string id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string other = "f" + id.substr(1);

TEST(Containers, AreKnownByTheirIdsInPaths) {
  for (const std::string& path : {
           "/docker/" + id,
           "/system.slice/docker-" + id + ".scope",
           "/system.slice/docker-" + id + ".scope/init.scope",
           "/system.slice/containerd.service/kubepods-burstable-pod1_2.slice:cri-containerd:" + id,
           "/kubepods.slice/kubepods-pod7.slice/cri-containerd-" + id + ".scope",
           "/kubepods/besteffort/pod2a-4b/" + id,
           "/kubepods.slice/kubepods-pod7.slice/crio-" + id + ".scope/container",
           "/machine.slice/libpod-" + id + ".scope/container",
           "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + id + ".scope",
           "/libpod_parent/libpod-" + id,
           fmt::format("/docker/{}/docker/{}", other, id),
       })
    EXPECT_EQ(container_of(path), id) << path;
}

TEST(Containers, OfLxcHaveNames) {
  EXPECT_EQ(container_of("/lxc.payload.web"), "web");
  EXPECT_EQ(container_of("/lxc.payload.web/system.slice/ssh.service"), "web");
  EXPECT_EQ(container_of("/lxc/web-2"), "web-2");
  EXPECT_EQ(container_of("/lxc.monitor.web"), "");
}

TEST(Containers, MostCgroupsAreOfNone) {
  for (const std::string& path :
       {std::string(), std::string("/"), std::string("/system.slice/docker.service"),
        std::string("/user.slice/user-0.slice/session-3.scope"), "/docker/" + id.substr(1),
        "/docker/" + id + "0", "/docker/" + std::string(64, 'G'),
        "/machine.slice/libpod-conmon-" + id + ".scope", std::string("/lxc")})
    EXPECT_EQ(container_of(path), "") << path;
}

}  // namespace
}  // namespace socktap
