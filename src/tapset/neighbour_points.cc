// What scripts on sockets use beside their tapset: packets at network devices, and the messages of
// TCP and UDP by themselves.
#include "tapset/bindings.h"
#include "tapset/points.h"

namespace socktap::tapset {
namespace {

using V = Variable;

constexpr std::array of_packet{of(V::dev_name, Field::dev_name), of(V::length, Field::size),
                               of(V::protocol, Field::protocol), of(V::truesize, Field::truesize)};

constexpr ProbePoint packet_point(std::string_view name, Operation operation,
                                  std::string_view help) {
  return {name, name, operation, Phase::begin, no_path, Transport::any, of_packet, help};
}

constexpr std::array addresses{of(V::saddr, AddressText{Field::local_address}),
                               of(V::daddr, AddressText{Field::remote_address}),
                               of(V::sport, Field::local_port), of(V::dport, Field::remote_port)};
constexpr std::array of_segment{of(V::name, PointLabel{}),
                                of(V::family, Field::family),
                                of(V::saddr, AddressText{Field::local_address}),
                                of(V::daddr, AddressText{Field::remote_address}),
                                of(V::protocol, Field::protocol),
                                of(V::sport, Field::local_port),
                                of(V::dport, Field::remote_port),
                                of(V::urg, FieldBit{Field::tcp_flags, 5}),
                                of(V::ack, FieldBit{Field::tcp_flags, 4}),
                                of(V::psh, FieldBit{Field::tcp_flags, 3}),
                                of(V::rst, FieldBit{Field::tcp_flags, 2}),
                                of(V::syn, FieldBit{Field::tcp_flags, 1}),
                                of(V::fin, FieldBit{Field::tcp_flags, 0}),
                                ours(V::length, Field::size),
                                ours(V::dev_name, Field::dev_name)};

constexpr std::array label{of(V::name, PointLabel{})};
constexpr std::array sock{of(V::sock, Field::sock)};
constexpr std::array family{of(V::family, Field::family)};
constexpr std::array size{of(V::size, Field::size)};
constexpr std::array flags{of(V::flags, Field::msg_flags)};
constexpr std::array ret{of(V::ret, Field::err)};
constexpr std::array our_success{ours(V::success, Field::success),
                                 ours(V::latency, Field::latency)};
constexpr std::array our_sock{ours(V::sock, Field::sock)};
constexpr std::array our_msg_flags{ours(V::msg_flags, Field::msg_flags)};

constexpr auto of_begin = join(label, sock, size, family, addresses, our_msg_flags);
constexpr auto of_conclusion =
    join(label, size, family, addresses, our_sock, our_success, our_msg_flags);
constexpr auto of_disconnect = join(label, sock, flags, family, addresses);
constexpr auto of_disconnected = join(label, ret, family, addresses, our_sock);

constexpr Operation send = Operation::send;
constexpr Operation receive = Operation::receive;
constexpr Operation disconnect = Operation::disconnect;

// SystemTap's variable `name` leaves out `.return` here.
constexpr ProbePoint begin_point(std::string_view name, Operation operation, Transport transport,
                                 std::string_view help) {
  const PathSet paths = operation == send ? any_send : operation == receive ? any_receive : no_path;
  const std::span<const Binding> bindings =
      operation == disconnect ? std::span<const Binding>(of_disconnect) : of_begin;
  return {name, name, operation, Phase::begin, paths, transport, bindings, help};
}

constexpr ProbePoint return_point(const ProbePoint& begin, std::string_view name,
                                  std::string_view help) {
  const std::span<const Binding> bindings =
      begin.operation == disconnect ? std::span<const Binding>(of_disconnected) : of_conclusion;
  return {name,        begin.name,      begin.operation, Phase::conclusion,
          begin.paths, begin.transport, bindings,        help};
}

constexpr ProbePoint tcp_sendmsg =
    begin_point("tcp.sendmsg", send, Transport::tcp, "a send on a TCP socket begins, on any path");
constexpr ProbePoint tcp_recvmsg = begin_point("tcp.recvmsg", receive, Transport::tcp,
                                               "a receive on a TCP socket begins, on any path");
constexpr ProbePoint tcp_disconnect =
    begin_point("tcp.disconnect", disconnect, Transport::tcp,
                "a TCP socket is about to leave its peer, by connect(2) to AF_UNSPEC");
constexpr ProbePoint udp_sendmsg =
    begin_point("udp.sendmsg", send, Transport::udp, "a send on a UDP socket begins, on any path");
constexpr ProbePoint udp_recvmsg = begin_point("udp.recvmsg", receive, Transport::udp,
                                               "a receive on a UDP socket begins, on any path");
constexpr ProbePoint udp_disconnect =
    begin_point("udp.disconnect", disconnect, Transport::udp,
                "a UDP socket is about to leave its peer, by connect(2) to AF_UNSPEC");

constexpr std::array points{
    packet_point("netdev.transmit", Operation::net_transmit,
                 "a packet is handed to a network device"),
    packet_point("netdev.receive", Operation::net_receive,
                 "a packet has come from a network device"),
    tcp_sendmsg,
    return_point(tcp_sendmsg, "tcp.sendmsg.return", "such a send concluded"),
    tcp_recvmsg,
    return_point(tcp_recvmsg, "tcp.recvmsg.return", "such a receive concluded"),
    tcp_disconnect,
    return_point(tcp_disconnect, "tcp.disconnect.return", "it has left it, or failed to"),
    ProbePoint{"tcp.receive", "tcp.receive", Operation::segment, Phase::begin, no_path,
               Transport::any, of_segment, "a TCP segment for this host came from a device"},
    udp_sendmsg,
    return_point(udp_sendmsg, "udp.sendmsg.return", "such a send concluded"),
    udp_recvmsg,
    return_point(udp_recvmsg, "udp.recvmsg.return", "such a receive concluded"),
    ProbePoint{"process.begin",
               "process.begin",
               Operation::process,
               Phase::begin,
               no_path,
               Transport::any,
               {},
               "a process of the target begins: by fork, and again by exec"},
    ProbePoint{"process.end",
               "process.end",
               Operation::process,
               Phase::conclusion,
               no_path,
               Transport::any,
               {},
               "a process of the target ends"},
    udp_disconnect,
    return_point(udp_disconnect, "udp.disconnect.return", "it has left it, or failed to"),
};

}  // namespace

std::span<const ProbePoint> neighbour_points() { return points; }

}  // namespace socktap::tapset
