/// @file
/// The socket tapset's tables: numbers and names of protocols, families, states, types and flags,
/// spelled as SystemTap spells them, extended by what kernels have added since. Everything here but
/// the names of flags is constexpr and needs no session:
///
/// ~~~{.cpp}
/// static_assert(socktap::protocol_name(6) == "TCP");
/// static_assert(socktap::family_number("INET6") == 10);
/// ~~~
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "socktap/export.h"

namespace socktap {

/// One row of a table. In the flag tables `number` is the bit's value, not its position.
struct NumberName {
  std::int64_t number;    ///< as the kernel has it
  std::string_view name;  ///< without a prefix such as AF_
};

/// What a number without a name prints as, and what a name without a number gives.
inline constexpr std::string_view undefined_name = "UNDEF";
inline constexpr std::int64_t undefined_number = -1;  ///< see undefined_name

/// Protocol numbers (sk->sk_protocol), by number.
inline constexpr NumberName protocols[] = {
    {0, "IP"},
    {1, "ICMP"},
    {2, "IGMP"},
    {3, "GGP"},
    {4, "IPENCAP"},
    {5, "ST"},
    {6, "TCP"},
    {7, "CBT"},
    {8, "EGP"},
    {9, "IGP"},
    {10, "BBN-RCC"},
    {11, "NVP"},
    {12, "PUP"},
    {13, "ARGUS"},
    {14, "EMCON"},
    {15, "XNET"},
    {16, "CHAOS"},
    {17, "UDP"},
    {18, "MUX"},
    {19, "DCN"},
    {20, "HMP"},
    {21, "PRM"},
    {22, "XNS-IDP"},
    {23, "TRUNK-1"},
    {24, "TRUNK-2"},
    {25, "LEAF-1"},
    {26, "LEAF-2"},
    {27, "RDP"},
    {28, "IRTP"},
    {29, "ISO-TP4"},
    {30, "NETBLT"},
    {31, "MFE-NSP"},
    {32, "MERIT-INP"},
    {33, "SEP"},
    {34, "3PC"},
    {35, "IDPR"},
    {36, "XTP"},
    {37, "DDP"},
    {38, "IDPR-CMTP"},
    {39, "TP++"},
    {40, "IL"},
    {41, "IPV6"},
    {42, "SDRP"},
    {43, "IPV6-ROUTE"},
    {44, "IPV6-FRAG"},
    {45, "IDRP"},
    {46, "RSVP"},
    {47, "GRE"},
    {48, "MHRP"},
    {49, "BNA"},
    {50, "IPV6-CRYPT"},
    {51, "IPV6-AUTH"},
    {52, "I-NLSP"},
    {53, "SWIPE"},
    {54, "NARP"},
    {55, "MOBILE"},
    {56, "TLSP"},
    {57, "SKIP"},
    {58, "IPV6-ICMP"},
    {59, "IPV6-NONXT"},
    {60, "IPV6-OPTS"},
    {62, "CFTP"},
    {64, "SAT-EXPAK"},
    {65, "KRYPTOLAN"},
    {66, "RVD"},
    {67, "IPPC"},
    {69, "SAT-MON"},
    {70, "VISA"},
    {71, "IPCV"},
    {72, "CPNX"},
    {73, "CPHB"},
    {74, "WSN"},
    {75, "PVP"},
    {76, "BR-SAT-MON"},
    {77, "SUN-ND"},
    {78, "WB-MON"},
    {79, "WB-EXPAK"},
    {80, "ISO-IP"},
    {81, "VMTP"},
    {82, "SECURE-VMTP"},
    {83, "VINES"},
    {84, "TTP"},
    {85, "NSFNET-IGP"},
    {86, "DGP"},
    {87, "TCF"},
    {88, "EIGRP"},
    {89, "OSPF"},
    {90, "SPRITE-RPC"},
    {91, "LARP"},
    {92, "MTP"},
    {93, "AX.25"},
    {94, "IPIP"},
    {95, "MICP"},
    {96, "SCC-SP"},
    {97, "ETHERIP"},
    {98, "ENCAP"},
    {100, "GMTP"},
    {101, "IFMP"},
    {102, "PNNI"},
    {103, "PIM"},
    {104, "ARIS"},
    {105, "SCPS"},
    {106, "QNX"},
    {107, "A/N"},
    {108, "IPCOMP"},
    {109, "SNP"},
    {110, "COMPAQ-PEER"},
    {111, "IPX-IN-IP"},
    {112, "VRRP"},
    {113, "PGM"},
    {115, "L2TP"},
    {116, "DDX"},
    {117, "IATP"},
    {118, "STP"},
    {119, "SRP"},
    {120, "UTI"},
    {121, "SMP"},
    {122, "SM"},
    {123, "PTP"},
    {124, "ISIS"},
    {125, "FIRE"},
    {126, "CRTP"},
    {127, "CRDUP"},
    {128, "SSCOPMCE"},
    {129, "IPLT"},
    {130, "SPS"},
    {131, "PIPE"},
    {132, "SCTP"},
    {133, "FC"},
    {134, "RSVP-E2E-IGNORE"},
    {135, "Mobility-Header"},
    {136, "UDPLite"},
    {137, "MPLS-IN-IP"},
    {143, "ETHERNET"},
    {255, "RAW"},
    {256, "SMC"},
    {262, "MPTCP"},
};

/// Address families (sock->ops->family), by number. AF_UNIX is LOCAL.
inline constexpr NumberName families[] = {
    {0, "UNSPEC"},    {1, "LOCAL"},       {2, "INET"},     {3, "AX25"},     {4, "IPX"},
    {5, "APPLETALK"}, {6, "NETROM"},      {7, "BRIDGE"},   {8, "ATMPVC"},   {9, "X25"},
    {10, "INET6"},    {11, "ROSE"},       {12, "DECNET"},  {13, "NETBEUI"}, {14, "SECURITY"},
    {15, "KEY"},      {16, "NETLINK"},    {17, "PACKET"},  {18, "ASH"},     {19, "ECONET"},
    {20, "ATMSVC"},   {21, "RDS"},        {22, "SNA"},     {23, "IRDA"},    {24, "PPPOX"},
    {25, "WANPIPE"},  {26, "LLC"},        {27, "IB"},      {28, "MPLS"},    {29, "CAN"},
    {30, "TIPC"},     {31, "BLUETOOTH"},  {32, "IUCV"},    {33, "RXRPC"},   {34, "ISDN"},
    {35, "PHONET"},   {36, "IEEE802154"}, {37, "CAIF"},    {38, "ALG"},     {39, "NFC"},
    {40, "VSOCK"},    {41, "KCM"},        {42, "QIPCRTR"}, {43, "SMC"},     {44, "XDP"},
    {45, "MCTP"},
};

/// Socket states (enum socket_state).
inline constexpr NumberName states[] = {
    {0, "FREE"}, {1, "UNCONNECTED"}, {2, "CONNECTING"}, {3, "CONNECTED"}, {4, "DISCONNECTING"},
};

/// Socket types (enum sock_type).
inline constexpr NumberName types[] = {
    {1, "STREAM"},    {2, "DGRAM"}, {3, "RAW"},     {4, "RDM"},
    {5, "SEQPACKET"}, {6, "DCCP"},  {10, "PACKET"},
};

/// Bits of the `flags` variable, lowest first. The first five are the manual's.
inline constexpr NumberName socket_flags[] = {
    {1, "ASYNC_NOSPACE"},   {2, "ASYNC_WAITDATA"}, {4, "NOSPACE"},
    {8, "PASSCRED"},        {16, "PASSSEC"},       {32, "SUPPORT_ZC"},
    {64, "CUSTOM_SOCKOPT"}, {128, "PASSPIDFD"},    {256, "PASSRIGHTS"},
};

/// Bits of MSG_*, in the order they are printed. 4 has two names, as in SystemTap.
inline constexpr NumberName message_flags[] = {
    {1, "OOB"},
    {2, "PEEK"},
    {4, "DONTROUTE"},
    {4, "TRYHARD"},
    {8, "CTRUNC"},
    {16, "PROBE"},
    {32, "TRUNC"},
    {64, "DONTWAIT"},
    {128, "EOR"},
    {256, "WAITALL"},
    {512, "FIN"},
    {1024, "SYN"},
    {2048, "CONFIRM"},
    {4096, "RST"},
    {8192, "ERRQUEUE"},
    {16384, "NOSIGNAL"},
    {32768, "MORE"},
    {0x10000, "WAITFORONE"},
    {0x40000, "BATCH"},
    {0x4000000, "ZEROCOPY"},
    {0x20000000, "FASTOPEN"},
    {0x40000000, "CMSG_CLOEXEC"},
};

/// The name of `number` in `table`, or "UNDEF". `table` is sorted by number.
constexpr std::string_view name_of(std::span<const NumberName> table, std::int64_t number) {
  for (const NumberName& row : table) {
    if (row.number == number) return row.name;
  }
  return undefined_name;
}

/// The number of `name` in `table` by exact, case-sensitive match, or -1.
constexpr std::int64_t number_of(std::span<const NumberName> table, std::string_view name) {
  for (const NumberName& row : table) {
    if (row.name == name) return row.number;
  }
  return undefined_number;
}

/// @name Of one number, and of one name
/// What is not in the table is undefined_name and undefined_number.
/// @{

/// 6 is "TCP".
constexpr std::string_view protocol_name(std::int64_t number) { return name_of(protocols, number); }
/// "TCP" is 6.
constexpr std::int64_t protocol_number(std::string_view name) { return number_of(protocols, name); }
/// 2 is "INET".
constexpr std::string_view family_name(std::int64_t number) { return name_of(families, number); }
/// 3 is "CONNECTED".
constexpr std::string_view state_name(std::int64_t number) { return name_of(states, number); }
/// "CONNECTED" is 3.
constexpr std::int64_t state_number(std::string_view name) { return number_of(states, name); }
/// 1 is "STREAM".
constexpr std::string_view type_name(std::int64_t number) { return name_of(types, number); }
/// "STREAM" is 1.
constexpr std::int64_t type_number(std::string_view name) { return number_of(types, name); }

/// "INET" is 2. SystemTap's table says PPPOX, its manual PPP0X: both name family 24.
constexpr std::int64_t family_number(std::string_view name) {
  return name == "PPP0X" ? 24 : number_of(families, name);
}
/// @}

/// The names of the set bits joined by '|', in table order; bits without a name print nothing.
SOCKTAP_API std::string socket_flag_names(std::int64_t flags);
/// The same of MSG_*.
SOCKTAP_API std::string message_flag_names(std::int64_t flags);

}  // namespace socktap
