#include "vm/library_cases_test.h"

namespace socktap::vm {

std::vector<Case> number_cases() {
  return {
      {{"abs", {-5}, 5}},
      {{"abs", {5}, 5}},
      {{"abs", {INT64_MIN}, INT64_MIN}},
      {{"min", {3, -4}, -4}},
      {{"max", {3, -4}, 3}},
      {{"htons", {0x1234}, 0x3412}},
      {{"htons", {0x561234}, 0x3412}},
      {{"htons", {-1}, 0xffff}},
      {{"ntohs", {0x00ff}, 0xff00}},
      {{"htonl", {0x12345678}, 0x78563412}},
      {{"htonl", {std::int64_t{0x9912345678}}, 0x78563412}},
      {{"ntohl", {255}, std::int64_t{0xff000000}}},
      {{"htonll", {1}, std::int64_t{1} << 56}},
      {{"ntohll", {128}, INT64_MIN}},
  };
}

std::vector<Case> socket_cases() {
  constexpr std::int64_t localhost = 0x0100007f;  // 127.0.0.1 as it lies in memory
  return {
      {{"sock_prot_num2str", {6}, "TCP"}},
      {{"sock_prot_num2str", {61}, "UNDEF"}},
      {{"sock_prot_str2num", {"UDP"}, 17}},
      {{"sock_prot_str2num", {"udp"}, -1}},
      {{"sock_fam_num2str", {1}, "LOCAL"}},
      {{"sock_fam_num2str", {-1}, "UNDEF"}},
      {{"sock_fam_str2num", {"INET6"}, 10}},
      {{"sock_fam_str2num", {"PPP0X"}, 24}},
      {{"sock_state_num2str", {3}, "CONNECTED"}},
      {{"sock_state_str2num", {"UNCONNECTED"}, 1}},
      {{"sock_type_num2str", {2}, "DGRAM"}},
      {{"sock_type_str2num", {"SEQPACKET"}, 5}},
      {{"sock_flags_num2str", {12}, "NOSPACE|PASSCRED"}},
      {{"sock_flags_num2str", {0}, ""}},
      {{"msg_flags_num2str", {0x4040}, "DONTWAIT|NOSIGNAL"}},
      {{"msg_flags_num2str", {4}, "DONTROUTE|TRYHARD"}},
      {{"AF_INET", {}, 2}},
      {{"AF_INET6", {}, 10}},
      {{"ip_ntop", {localhost}, "127.0.0.1"}},
      {{"ip_ntop", {std::int64_t{0xffffffff}}, "255.255.255.255"}},
      {{"format_ipaddr", {localhost, 2}, "127.0.0.1"}},
      {{"format_ipaddr", {localhost, 99}, "*unknown address family*"}},
      {{"format_ipaddr",
        {0, 10},
        fails("format_ipaddr: an IPv6 address is a place in the kernel's memory, not read here")}},
      {{"errno_str", {32}, "EPIPE"}},
      {{"errno_str", {-11}, "EAGAIN"}},
      {{"errno_str", {-95}, "EOPNOTSUPP"}},
      {{"errno_str", {133}, "EHWPOISON"}},
      {{"errno_str", {3333}, "E#3333"}},
      {{"errno_str", {-512}, "E#512"}},
      {{"errno_str", {0}, ""}},
      {{"errno_p", {-2}, 2}},
      {{"errno_p", {2}, 2}},
      {{"errno_p", {0}, 0}},
      {{"errno_p", {-4096}, 0}},
      {{"errno_p", {INT64_MIN}, 0}},
      {{"return_str", {1, -2}, "-2 (ENOENT)"}},
      {{"return_str", {2, -2}, "-2 (ENOENT)"}},
      {{"return_str", {1, 42}, "42"}},
      {{"return_str", {1, -4096}, "-4096"}},
      {{"return_str", {2, 255}, "0xff"}},
      {{"return_str", {3, 8}, "010"}},
  };
}

}  // namespace socktap::vm
