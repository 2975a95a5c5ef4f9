#include "tapset/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tapset/calls.h"

namespace socktap::tapset {
namespace {

TEST(Catalogue, ManualVariablesOfEveryPoint) {
  const std::string begin =
      "name:string size:long protocol:long family:long state:long flags:long type:long";
  const std::string conclusion = begin + " success:long";
  const std::string addresses = " saddr:string daddr:string sport:long dport:long";
  const std::string message = "name:string sock:long size:long family:long" + addresses;
  const std::string concluded = "name:string size:long family:long" + addresses;
  const std::string disconnect = "name:string sock:long flags:long family:long" + addresses;
  const std::map<std::string_view, std::string> expected = {
      {"socket.send", conclusion},
      {"socket.receive", conclusion},
      {"socket.sendmsg", begin},
      {"socket.sendmsg.return", conclusion},
      {"socket.recvmsg", begin},
      {"socket.recvmsg.return", conclusion},
      {"socket.aio_write", begin},
      {"socket.aio_write.return", conclusion},
      {"socket.aio_read", begin},
      {"socket.aio_read.return", conclusion},
      {"socket.writev", begin},
      {"socket.writev.return", conclusion},
      {"socket.readv", begin},
      {"socket.readv.return", conclusion},
      {"socket.write_iter", begin},
      {"socket.write_iter.return", conclusion},
      {"socket.read_iter", begin},
      {"socket.read_iter.return", conclusion},
      {"socket.create", "name:string protocol:long family:long type:long requester:long"},
      {"netdev.transmit", "dev_name:string length:long protocol:long truesize:long"},
      {"netdev.receive", "dev_name:string length:long protocol:long truesize:long"},
      {"socket.create.return",
       "name:string protocol:long family:long type:long success:long requester:long err:long"},
      {"socket.close", "name:string protocol:long family:long state:long flags:long type:long"},
      {"socket.close.return", "name:string"},
      {"tcp.sendmsg", message},
      {"tcp.sendmsg.return", concluded},
      {"tcp.recvmsg", message},
      {"tcp.recvmsg.return", concluded},
      {"tcp.disconnect", disconnect},
      {"tcp.disconnect.return", "name:string ret:long family:long" + addresses},
      {"tcp.receive",
       "name:string family:long saddr:string daddr:string protocol:long sport:long dport:long "
       "urg:long ack:long psh:long rst:long syn:long fin:long"},
      {"udp.sendmsg", message},
      {"udp.sendmsg.return", concluded},
      {"udp.recvmsg", message},
      {"udp.recvmsg.return", concluded},
      {"udp.disconnect", disconnect},
      {"udp.disconnect.return", "name:string ret:long family:long" + addresses},
      {"process.begin", ""},
      {"process.end", ""},
      {"syscall_any", "syscall_nr:long name:string"},
      {"syscall_any.return", "syscall_nr:long name:string retval:long"},
  };
  ASSERT_EQ(probe_points().size(), expected.size());
  for (const ProbePoint& point : probe_points()) {
    ASSERT_TRUE(expected.contains(point.name)) << point.name;
    EXPECT_EQ(signature(point, /*manual_only=*/true), expected.at(point.name)) << point.name;
  }
}

TEST(Catalogue, OursFollowTheManuals) {
  EXPECT_TRUE(signature(*find_probe_point("socket.send"))
                  .ends_with("success:long sock:long msg_flags:long latency:long "
                             "local_addr:string local_port:long remote_addr:string "
                             "remote_port:long fd:long path:string netns:long "
                             "cgroup:long"));
  EXPECT_TRUE(signature(*find_probe_point("socket.close")).ends_with("netns:long cgroup:long"));
  EXPECT_EQ(signature(*find_probe_point("socket.close.return")), "name:string");
}

// The paths of a direction partition its messages: one message fires exactly one path's .return,
// and the union point exactly once.
TEST(Catalogue, PathsPartitionTheMessages) {
  const std::map<Operation, std::vector<Path>> paths = {
      {Operation::send, {Path::sendmsg, Path::aio_write, Path::writev}},
      {Operation::receive, {Path::recvmsg, Path::aio_read, Path::readv}}};
  for (const auto& [operation, of_operation] : paths) {
    for (const Path path : of_operation) {
      std::vector<std::string_view> fired;
      for (const ProbePoint& point : probe_points()) {
        if (point.transport == Transport::any &&
            point.fires_for(operation, Phase::conclusion, path))
          fired.push_back(point.name);
      }
      const std::string own = "socket." + std::string(name_of(path)) + ".return";
      EXPECT_EQ(std::ranges::count(fired, own), 1);
      const bool through_file = path != Path::sendmsg && path != Path::recvmsg;
      EXPECT_EQ(fired.size(), through_file ? 3u : 2u) << own;
    }
  }
}

TEST(Catalogue, PointsHaveEachVariableOnce) {
  for (const ProbePoint& point : probe_points()) {
    VariableSet seen;
    bool ours = false;
    for (const Binding& binding : point.bindings) {
      EXPECT_FALSE(seen.contains(binding.variable))
          << point.name << " " << row(binding.variable).name;
      seen.insert(binding.variable);
      EXPECT_FALSE(ours && binding.of_manual) << point.name << ": the manual's come first";
      ours = !binding.of_manual;
    }
  }
}

TEST(Catalogue, PointsOfSystemCallsCoverEveryForm) {
  std::map<std::string_view, int> seen;
  std::map<const Call*, int> begins;
  for (const ProbePoint& point : call_points()) {
    EXPECT_EQ(++seen[point.name], 1) << point.name;
    EXPECT_EQ(find_probe_point(point.name), &point);
    ASSERT_FALSE(point.forms.empty()) << point.name;
    EXPECT_FALSE(point.covers_every_call());
    if (point.name.starts_with("syscall.") && point.phase == Phase::begin)
      for (const Call& form : point.forms) ++begins[&form];
  }
  for (const Call& form : calls()) EXPECT_EQ(begins[&form], 1) << form.point;
  EXPECT_TRUE(find_probe_point("syscall_any")->covers_every_call());
  EXPECT_EQ(find_probe_point("syscall.exit_group.return"), nullptr) << "it never returns";
}

TEST(Catalogue, VariablesOfSystemCalls) {
  EXPECT_EQ(signature(*find_probe_point("syscall.read"), /*manual_only=*/true),
            "name:string argstr:string fd:long buf_uaddr:long count:long");
  EXPECT_EQ(signature(*find_probe_point("nd_syscall.read.return"), /*manual_only=*/true),
            "name:string retval:long retstr:string");
  EXPECT_EQ(signature(*find_probe_point("syscall.read.return")),
            "name:string retval:long retstr:string argstr:string fd:long buf_uaddr:long "
            "count:long");
}

TEST(Catalogue, FieldsOfSystemCalls) {
  const auto fields = [](std::string_view name, Variable variable) {
    const ProbePoint& point = *find_probe_point(name);
    return fields_of(point, point.find(variable)->from);
  };
  EXPECT_EQ(fields("syscall.read", Variable::name), FieldSet());
  EXPECT_EQ(fields("syscall.read", Variable::fd), FieldSet{Field::arguments});
  EXPECT_EQ(fields("syscall.read.return", Variable::retval), FieldSet{Field::size});
  EXPECT_EQ(fields("syscall.connect", Variable::argstr),
            (FieldSet{Field::arguments, Field::capture_1}));
  EXPECT_EQ(fields("syscall.connect", Variable::sockfd), FieldSet{Field::arguments});
  EXPECT_EQ(fields("syscall.openat", Variable::filename),
            (FieldSet{Field::arguments, Field::capture_0}));
  EXPECT_EQ(fields("syscall.keyctl", Variable::argstr),
            (FieldSet{Field::arguments, Field::capture_0, Field::capture_1}))
      << "made of the whole call";
}

TEST(Catalogue, RowsStandWhereTheirIdSays) {
  int index = 0;
  for (const VariableRow& variable : variables()) {
    EXPECT_EQ(static_cast<int>(variable.id), index++) << variable.name;
    EXPECT_EQ(find_variable(variable.name), &variable);
  }
  EXPECT_EQ(find_variable("sprt"), nullptr);
  EXPECT_EQ(find_probe_point("socket.sned"), nullptr);
}

}  // namespace
}  // namespace socktap::tapset
