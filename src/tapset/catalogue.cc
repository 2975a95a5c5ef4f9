#include "tapset/catalogue.h"

#include <algorithm>

namespace socktap::tapset {
namespace {

using V = Variable;

// Ours are offered at every point that has any variable but its name; 0 where they do not apply.
constexpr VariableSet ours{V::sock, V::msg_flags, V::latency};
constexpr VariableSet of_socket =
    ours | VariableSet{V::name, V::protocol, V::family, V::state, V::flags, V::type};
constexpr VariableSet of_begin = of_socket | VariableSet{V::size};
constexpr VariableSet of_conclusion = of_begin | VariableSet{V::success};
constexpr VariableSet of_create =
    ours | VariableSet{V::name, V::protocol, V::family, V::type, V::requester};
constexpr VariableSet of_created = of_create | VariableSet{V::success, V::err};

constexpr VariableSet of_packet{V::dev_name, V::length, V::protocol, V::truesize};

constexpr PathSet any_send{Path::sendmsg, Path::aio_write, Path::writev};
constexpr PathSet any_receive{Path::recvmsg, Path::aio_read, Path::readv};
constexpr PathSet file_write{Path::aio_write, Path::writev};
constexpr PathSet file_read{Path::aio_read, Path::readv};
constexpr PathSet no_path{Path::none};

constexpr ProbePoint begin_point(std::string_view name, Operation operation, PathSet paths,
                                 std::string_view help) {
  return {name, operation, Phase::begin, paths, of_begin, help};
}

constexpr ProbePoint return_point(std::string_view name, Operation operation, PathSet paths,
                                  std::string_view help) {
  return {name, operation, Phase::conclusion, paths, of_conclusion, help};
}

constexpr Operation send = Operation::send;
constexpr Operation receive = Operation::receive;

constexpr std::array points{
    ProbePoint{"socket.send", send, Phase::conclusion, any_send, of_conclusion,
               "a message was sent, or failed to be, on any path"},
    ProbePoint{"socket.receive", receive, Phase::conclusion, any_receive, of_conclusion,
               "a message was received, or failed to be, on any path"},
    begin_point(
        "socket.sendmsg", send, {Path::sendmsg},
        "a send begins: send, sendto, sendmsg, sendmmsg, io_uring, sendfile, splice, kernel"),
    return_point("socket.sendmsg.return", send, {Path::sendmsg}, "such a send concluded"),
    begin_point("socket.recvmsg", receive, {Path::recvmsg},
                "a receive begins: recv, recvfrom, recvmsg, recvmmsg, io_uring, kernel"),
    return_point("socket.recvmsg.return", receive, {Path::recvmsg}, "such a receive concluded"),
    begin_point("socket.aio_write", send, {Path::aio_write},
                "a write begins: write, AIO writes, io_uring write and writev"),
    return_point("socket.aio_write.return", send, {Path::aio_write}, "such a write concluded"),
    begin_point("socket.aio_read", receive, {Path::aio_read},
                "a read begins: read, AIO reads, io_uring read and readv"),
    return_point("socket.aio_read.return", receive, {Path::aio_read}, "such a read concluded"),
    begin_point("socket.writev", send, {Path::writev},
                "a vector write begins: writev, pwritev2 at the file position"),
    return_point("socket.writev.return", send, {Path::writev}, "such a write concluded"),
    begin_point(
        "socket.readv", receive, {Path::readv},
        "a vector read begins: readv, preadv2 at the file position, splice out of a socket"),
    return_point("socket.readv.return", receive, {Path::readv}, "such a read concluded"),
    begin_point("socket.write_iter", send, file_write,
                "a write through the file begins: aio_write and writev together"),
    return_point("socket.write_iter.return", send, file_write, "such a write concluded"),
    begin_point("socket.read_iter", receive, file_read,
                "a read through the file begins: aio_read and readv together"),
    return_point("socket.read_iter.return", receive, file_read, "such a read concluded"),
    ProbePoint{"socket.create", Operation::create, Phase::begin, no_path, of_create,
               "a socket is about to be made; not by accept"},
    ProbePoint{"socket.create.return", Operation::create, Phase::conclusion, no_path, of_created,
               "a socket was made, or failed to be"},
    ProbePoint{"socket.close", Operation::close, Phase::begin, no_path, of_socket,
               "a socket's last reference goes and it is about to be released"},
    ProbePoint{"socket.close.return", Operation::close, Phase::conclusion, no_path,
               VariableSet{V::name}, "the socket was released"},

    ProbePoint{"netdev.transmit", Operation::net_transmit, Phase::begin, no_path, of_packet,
               "a packet is handed to a network device"},
    ProbePoint{"netdev.receive", Operation::net_receive, Phase::begin, no_path, of_packet,
               "a packet has come from a network device"},
};

constexpr std::array<VariableRow, variable_count> rows{{
    {V::name, "name", Type::string, true, std::nullopt, "name of the probe point"},
    {V::dev_name, "dev_name", Type::string, true, Field::dev_name, "name of the network device"},
    {V::length, "length", Type::number, true, Field::size, "bytes of the packet"},
    {V::size, "size", Type::number, true, Field::size,
     "bytes: offered or asked for at entry; moved, or the negative errno, at return"},
    {V::protocol, "protocol", Type::number, true, Field::protocol,
     "of a socket: protocol number, which sock_prot_num2str() names; of a packet: ETH_P_*, in "
     "network "
     "byte order"},
    {V::family, "family", Type::number, true, Field::family,
     "address family; sock_fam_num2str() names it"},
    {V::state, "state", Type::number, true, Field::state,
     "socket state; sock_state_num2str() names it"},
    {V::flags, "flags", Type::number, true, Field::flags,
     "socket flags; sock_flags_num2str() names them"},
    {V::type, "type", Type::number, true, Field::type, "socket type; sock_type_num2str() names it"},
    {V::success, "success", Type::number, true, Field::success,
     "1 if the result is not negative, else 0"},
    {V::requester, "requester", Type::number, true, Field::requester,
     "1 if the kernel asked for the socket, 0 if a process did"},
    {V::err, "err", Type::number, true, Field::err, "0 or the negative errno"},
    {V::truesize, "truesize", Type::number, true, Field::truesize,
     "bytes of memory that the packet takes"},
    {V::sock, "sock", Type::number, false, Field::sock,
     "number of the socket, unique and stable while it lives; never 0, no kernel address"},
    {V::msg_flags, "msg_flags", Type::number, false, Field::msg_flags,
     "MSG_* flags of the message; msg_flags_num2str() names them"},
    {V::latency, "latency", Type::number, false, Field::latency,
     "ns since the operation began; 0 where its beginning was not seen"},
}};

}  // namespace

std::span<const ProbePoint> probe_points() { return points; }
std::span<const VariableRow> variables() { return rows; }

const ProbePoint* find_probe_point(std::string_view name) {
  const auto found = std::ranges::find(points, name, &ProbePoint::name);
  return found == points.end() ? nullptr : &*found;
}

const VariableRow* find_variable(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &VariableRow::name);
  return found == rows.end() ? nullptr : &*found;
}

const VariableRow& row(Variable variable) { return rows[static_cast<std::size_t>(variable)]; }

std::string signature(const ProbePoint& point, bool manual_only) {
  std::string text;
  for (const VariableRow& variable : rows) {
    if (!point.has(variable.id) || (manual_only && !variable.of_manual)) continue;
    if (!text.empty()) text += ' ';
    text.append(variable.name).append(":").append(type_keyword(variable.type));
  }
  return text;
}

bool is_offered(Operation operation, Phase phase) {
  return std::ranges::any_of(points, [&](const ProbePoint& point) {
    return point.operation == operation && point.phase == phase;
  });
}

std::string_view name_of(Operation operation) {
  constexpr std::string_view names[] = {"send",  "receive",      "create",
                                        "close", "net_transmit", "net_receive"};
  return names[static_cast<std::size_t>(operation)];
}

std::string_view name_of(Phase phase) { return phase == Phase::begin ? "begin" : "conclusion"; }

std::string_view name_of(Path path) {
  constexpr std::string_view names[] = {"none",    "sendmsg",  "aio_write", "writev",
                                        "recvmsg", "aio_read", "readv"};
  return names[static_cast<std::size_t>(path)];
}

}  // namespace socktap::tapset
