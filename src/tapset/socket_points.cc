// The socket tapset.
#include "tapset/bindings.h"
#include "tapset/points.h"

namespace socktap::tapset {
namespace {

using V = Variable;

constexpr std::array label{of(V::name, PointLabel{})};
constexpr std::array size{of(V::size, Field::size)};
constexpr std::array numbers{of(V::protocol, Field::protocol), of(V::family, Field::family)};
constexpr std::array state{of(V::state, Field::state), of(V::flags, Field::flags)};
constexpr std::array type{of(V::type, Field::type)};
constexpr std::array success{of(V::success, Field::success)};
constexpr std::array requester{of(V::requester, Field::requester)};
constexpr std::array err{of(V::err, Field::err)};
constexpr std::array our_message{ours(V::sock, Field::sock), ours(V::msg_flags, Field::msg_flags),
                                 ours(V::latency, Field::latency)};
constexpr std::array our_place{ours(V::fd, Field::fd), ours(V::path, Field::unix_path),
                               ours(V::netns, Field::netns), ours(V::cgroup, Field::cgroup)};
constexpr auto extra = join(our_message, our_addresses, our_place);

constexpr auto of_begin = join(label, size, numbers, state, type, extra);
constexpr auto of_conclusion = join(label, size, numbers, state, type, success, extra);
constexpr auto of_create = join(label, numbers, type, requester, extra);
constexpr auto of_created = join(label, numbers, type, success, requester, err, extra);
constexpr auto of_close = join(label, numbers, state, type, extra);

constexpr PathSet file_write{Path::aio_write, Path::writev};
constexpr PathSet file_read{Path::aio_read, Path::readv};

constexpr Operation send = Operation::send;
constexpr Operation receive = Operation::receive;

constexpr ProbePoint begin_point(std::string_view name, Operation operation, PathSet paths,
                                 std::string_view help) {
  return {name, name, operation, Phase::begin, paths, Transport::any, of_begin, help};
}

constexpr ProbePoint return_point(std::string_view name, Operation operation, PathSet paths,
                                  std::string_view help) {
  return {name, name, operation, Phase::conclusion, paths, Transport::any, of_conclusion, help};
}

constexpr ProbePoint life_point(std::string_view name, Operation operation, Phase phase,
                                std::span<const Binding> bindings, std::string_view help) {
  return {name, name, operation, phase, no_path, Transport::any, bindings, help};
}

constexpr std::array points{
    return_point("socket.send", send, any_send, "a message was sent, or failed to be, on any path"),
    return_point("socket.receive", receive, any_receive,
                 "a message was received, or failed to be, on any path"),
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
    life_point("socket.create", Operation::create, Phase::begin, of_create,
               "a socket is about to be made; not by accept"),
    life_point("socket.create.return", Operation::create, Phase::conclusion, of_created,
               "a socket was made, or failed to be"),
    life_point("socket.close", Operation::close, Phase::begin, of_close,
               "a socket's last reference goes and it is about to be released"),
    life_point("socket.close.return", Operation::close, Phase::conclusion, label,
               "the socket was released"),
};

}  // namespace

std::span<const ProbePoint> socket_points() { return points; }

}  // namespace socktap::tapset
